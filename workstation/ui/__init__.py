"""The window: the one place where Qt lives."""

import PySide6.QtCore  # noqa: F401  # makes the next import possible
from shibokensupport import feature

# To offer snake_case names, PySide6 reads the source of every module that is imported after it and
# keeps all the lines in memory. Nothing here asks for those names.
feature._mod_uses_pyside = lambda _module: False
