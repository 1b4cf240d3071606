"""By what a lead is recognised among leads, interests and contacts."""

from kariz.core.duplicates import Part, Rule, ship

ship(
    Rule(
        "lead",
        "person",
        (
            Part("email", "email", 100),
            Part("phone", "phone", 60),
            Part("name", "name", 40),
            Part("company", "company", 30),
            Part("company_email", "email", 30),
            Part("company_phone", "phone", 30),
        ),
    )
)
