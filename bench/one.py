"""Times all jobs, or those named, on the database of the environment: `python -m bench.one team 1 list` prints JSON."""

import json
import os
import sys
from dataclasses import asdict, replace

import django


def main(reader: str, share: str, *wanted: str) -> None:
    from bench import ground, jobs, serving, timing
    from bench.visiting import Visitor
    from kariz.features.demo.people import PASSWORD

    stand = ground.survey(reader)
    with serving.served({}) as port:
        visitor = Visitor(port)
        visitor.sign_in(stand.user.username, PASSWORD)
        found = []
        for job in jobs.every():
            if not wanted or job.key in wanted:
                print(f"  {job.label} …", file=sys.stderr, flush=True)
                fewer = replace(job, count=job.count // int(share))
                found.append(asdict(timing.timed(fewer, stand, visitor)))
    print(json.dumps(found))


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "kariz.config.settings"
    django.setup()
    main(*sys.argv[1:])
