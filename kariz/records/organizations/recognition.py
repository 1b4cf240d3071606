"""By what an organization is recognised among organizations."""

from kariz.core.duplicates import Part, Rule, ship

ship(
    Rule(
        "organization",
        "organization",
        (
            Part("tax_number", "exact", 100),
            Part("registry_code", "exact", 100),
            Part("name", "company", 70),
            Part("email", "email", 60),
            Part("other_email", "email", 60),
            Part("website", "domain", 50),
            Part("email", "domain", 50),
            Part("phone", "phone", 40),
            Part("other_phone", "phone", 40),
        ),
    )
)
