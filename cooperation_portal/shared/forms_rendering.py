"""One look for every form: `{{ form }}` and `{{ field.as_field_group }}` come out in the portal's design.

The templates are in `templates/django/forms/`. What a template cannot do is here: the classes of the design system on
the control itself, and the links between a control and the texts that describe it.
"""

from typing import Any

from django.forms import (
    BoundField,
    CheckboxInput,
    CheckboxSelectMultiple,
    RadioSelect,
    Select,
    Textarea,
    Widget,
)
from django.forms.renderers import TemplatesSetting

# Longer fields show how many characters are left; a counter under a postal code would only be noise.
COUNTED_FROM = 100


class PortalBoundField(BoundField):
    def build_widget_attrs(self, attrs: dict[str, Any], widget: Widget | None = None) -> dict[str, Any]:
        attrs = super().build_widget_attrs(attrs, widget)
        widget = widget or self.field.widget
        if widget.is_hidden or isinstance(widget, CheckboxInput | RadioSelect | CheckboxSelectMultiple):
            return attrs
        own = "krds-form-select small" if isinstance(widget, Select) else "krds-input small"
        attrs["class"] = " ".join(str(part) for part in (widget.attrs.get("class"), attrs.get("class"), own) if part)
        if isinstance(widget, Textarea):
            # HTML's 10 rows are much for one paragraph; the box grows with its text.
            attrs["rows"] = widget.attrs["rows"] if widget.attrs.get("rows") != "10" else "4"
        return attrs

    @property
    def aria_describedby(self) -> str | None:
        described = super().aria_describedby
        if described is not None and self.counted and self.auto_id:
            described = f"{described} {self.auto_id}_count".strip()
        return described

    @property
    def counted(self) -> int | None:
        """The character limit, where one is worth showing."""
        limit = getattr(self.field, "max_length", None)
        widget = self.field.widget
        # Addresses and passwords have limits too, but nobody writes up to them.
        written = isinstance(widget, Textarea) or getattr(widget, "input_type", "") == "text"
        return limit if written and limit and limit >= COUNTED_FROM else None

    @property
    def is_single_checkbox(self) -> bool:
        return isinstance(self.field.widget, CheckboxInput)

    @property
    def focus_id(self) -> str:
        """The id that a link in the error summary jumps to: groups have none of their own, so the first choice."""
        return self.id_for_label or (f"{self.auto_id}_0" if self.auto_id else "")


class PortalFormRenderer(TemplatesSetting):
    bound_field_class = PortalBoundField
