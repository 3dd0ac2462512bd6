"""Pages for people: a template filled with facts, each of them escaped; nothing is loaded, sent or framed.

A package keeps its templates in a folder `templates` beside its code; all of them extend `page.html` of this one.
"""

from collections.abc import Mapping
from functools import cache

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined

from infra.web.problems import Language

# Of every page: it loads nothing, sends nothing, and stands in no other's frame.
PAGE_HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "Vary": "Accept, Accept-Language",
}


def page(package: str, template: str, language: Language, **facts: object) -> str:
    """Return the page that a template of a package makes of these facts; one that is missing is a fault of ours."""
    return _templates(package).get_template(template).render(language=language, **facts)


@cache
def _templates(package: str) -> Environment:
    return Environment(
        loader=ChoiceLoader([PackageLoader(package), PackageLoader(__package__)]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
