"""Who comes in where, and what strangers and the curious try: the whole program, seen by those it must keep out."""
