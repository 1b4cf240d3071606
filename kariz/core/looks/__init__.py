"""What the doctor looks at, a subject a module, in this order."""

from kariz.core.looks import storage, search, links, history, choices, ranks  # noqa: F401, I001  they register on import
