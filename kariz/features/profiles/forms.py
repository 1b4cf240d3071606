"""What is said of a profile; whom it means comes from the list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms

from kariz.features.profiles.models import Profile

if TYPE_CHECKING:
    Base = forms.ModelForm[Profile]
else:
    Base = forms.ModelForm


class ProfileForm(Base):
    class Meta:
        model = Profile
        fields = ("name", "needs", "pain_points", "findings")
