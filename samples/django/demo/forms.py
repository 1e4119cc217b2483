from django import forms
from django.contrib.auth.models import User


class NoteForm(forms.Form):
    to = forms.ModelChoiceField(User.objects.order_by("username"), to_field_name="username", empty_label=None)
    text = forms.CharField(label="Note", max_length=1_000, widget=forms.Textarea(attrs={"rows": 3}))
