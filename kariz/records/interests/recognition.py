"""By what an interest is recognised among leads, interests and contacts."""

from kariz.core.duplicates import Part, Rule, ship

ship(
    Rule(
        "interest",
        "person",
        (
            Part("email", "email", 100),
            Part("phone", "phone", 60),
            Part("handle", "text", 60),
            Part("person", "name", 40),
            Part("company", "company", 30),
        ),
    )
)
