"""By what a contact is recognised among leads, interests and contacts."""

from kariz.core.duplicates import Part, Rule, ship

ship(
    Rule(
        "contact",
        "person",
        (
            Part("email", "email", 100),
            Part("other_email", "email", 100),
            Part("personal_number", "exact", 100),
            Part("phone", "phone", 60),
            Part("mobile", "phone", 60),
            Part("home_phone", "phone", 60),
            Part("other_phone", "phone", 60),
            Part("name", "name", 40),
            Part("organization", "text", 30),
        ),
    )
)
