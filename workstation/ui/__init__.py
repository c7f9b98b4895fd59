"""The window: the one place where Qt lives."""

from contextlib import suppress

from workstation.ui.overrides import guard_all  # imports Qt, which makes the next import possible

# To offer snake_case names, PySide6 reads the source of every module that is imported after it and
# keeps all the lines in memory. Nothing here asks for those names. A release of PySide6 without
# that part starts all the same.
with suppress(ImportError):
    from shibokensupport import feature

    feature._mod_uses_pyside = lambda _module: False

guard_all()
