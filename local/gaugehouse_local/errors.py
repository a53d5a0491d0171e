"""Errors of the local stack."""

from gaugehouse.domain.errors import GaugehouseError


class LocalStackError(GaugehouseError):
    """A server of the local stack could not start or stop; the message says which, why, and where its log is.

    Correct what the message names and start again. Data that is already there is kept.
    """


class TemplateInvalid(LocalStackError):
    """The local stack cannot resolve something in the template; the message names resource and property.

    Correct the template, or teach `gaugehouse_local.template` the intrinsic function that it uses.
    """
