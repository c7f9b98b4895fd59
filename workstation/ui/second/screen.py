"""Moves the photos of the open consultation to a second screen and back.

A page lends the part that holds its photos; tools, keys and undo go with it. Everything else stays
in the main window, and so does the focus on pages without photos.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Protocol

from PySide6.QtCore import QObject, SignalInstance
from PySide6.QtGui import QGuiApplication, QScreen
from PySide6.QtWidgets import QApplication, QSplitter, QWidget

from workstation.language import tr
from workstation.presenters.banner import Banner, BannerPresenter
from workstation.presenters.second_words import ONE_SCREEN, UNPLUGGED
from workstation.ui.second.places import keep_place, place_on
from workstation.ui.second.window import PhotoWindow, StandIn


class PhotoPage(Protocol):
    """A page that can lend its photos: ``centre`` of its ``splitter``, which hands the focus on."""

    changed: SignalInstance
    splitter: QSplitter
    centre: QWidget

    def keep_photos(self, kept: bool) -> None:
        """Show the photos whether or not the page itself is shown; or drop them."""
        ...

    def caption(self) -> str:
        """Which photo is shown, with its date."""
        ...


class SecondScreen(QObject):
    """Which page's photos are away, and where the window stands.

    ``lenders`` maps pages of the shell to the page whose photos show beside them; on any other
    page, and while nothing is open, the window shows nobody. ``screens`` lists what is plugged in.
    """

    def __init__(
        self,
        main: QWidget,
        lenders: Mapping[str, PhotoPage],
        banner: BannerPresenter,
        say: Callable[[str], None],
        screens: Callable[[], list[QScreen]] = QGuiApplication.screens,
    ) -> None:
        super().__init__(main)
        self._main, self._lenders, self._banner = main, dict(lenders), banner
        self._say, self._screens = say, screens
        self.window: PhotoWindow | None = None
        self._kept: PhotoWindow | None = None  # for the next time, while nothing is in it
        self._stand_ins: dict[int, StandIn] = {}
        self._lent: PhotoPage | None = None
        self._current = ""
        self._covered = False
        self._told = banner.changed.subscribe(self._banner_changed)
        for page in dict.fromkeys(self._lenders.values()):
            page.changed.connect(self._caption)
        app = QApplication.instance()
        if isinstance(app, QGuiApplication):
            app.screenRemoved.connect(self.screen_gone)

    @property
    def on(self) -> bool:
        """Whether the photos are on the second screen."""
        return self.window is not None

    def holds(self, widget: QWidget | None) -> bool:
        """Whether a control lies in the photo window."""
        return self.window is not None and widget is not None and widget.window() is self.window

    def lends(self, beside: Iterable[str], page: PhotoPage) -> None:
        """A page is there from now on, and lends its photos beside those pages of the shell."""
        self._lenders.update(dict.fromkeys(beside, page))
        page.changed.connect(self._caption)

    def refusal(self) -> str:
        """Why the photos cannot go there, in words; "" when they can."""
        return tr("" if self.on or self._other() is not None else ONE_SCREEN)

    def toggle(self) -> None:
        """Move the photos to the second screen, or back."""
        if self.on:
            self.end()
            return
        screen = self._other()
        if screen is None:
            return
        window = self._kept or PhotoWindow(self._main)
        if self._kept is None:
            self._kept = window
            window.left.connect(self.end)
        window.setScreen(screen)
        window.setGeometry(place_on(screen))
        window.cover(self._covered)
        window.identity.show_banner(self._banner.state)
        self.window = window
        window.show()
        self.follow(self._current)
        self.focus()

    def follow(self, page: str) -> None:
        """Another page of the shell is shown, or another consultation is open."""
        self._current = page
        if self.window is None:
            return
        lender = self._lenders.get(page) if self._banner.state is not None else None
        if lender is not self._lent:
            self._bring_back()
            if lender is not None:
                self._lend(lender)
        self._caption()

    def focus(self) -> None:
        """Give the keyboard to the window that the page shown works in."""
        if self.window is None or self._covered:
            return
        works_here = self._lent is not None and self._lenders.get(self._current) is self._lent
        if works_here and self._lent is not None and _shown(self._lent):
            self.window.activateWindow()
            self._lent.centre.setFocus()
        else:
            self._main.window().activateWindow()

    def cover(self, covered: bool) -> None:
        """The desk is locked (or unlocked): nothing of a patient is seen or kept decoded."""
        self._covered = covered
        if self.window is not None:
            self.window.cover(covered)
            if covered:
                self._main.window().activateWindow()
        if self._lent is not None:
            self._lent.keep_photos(not covered)

    def end(self) -> None:
        """Bring the photos back and close the window."""
        window, self.window = self.window, None
        if window is None:
            return
        keep_place(window.screen(), window.geometry())
        self._empty(window)
        self._main.window().activateWindow()

    def screen_gone(self, screen: QScreen) -> None:
        """A screen was unplugged: if the photos were there, they are back in the main window."""
        window = self.window
        if window is None or not _same(window.screen(), screen):
            return
        self.window = None
        self._empty(window)
        self._say(tr(UNPLUGGED))

    # -- inside

    def _empty(self, window: PhotoWindow) -> None:
        self._bring_back()
        window.take(None)
        window.identity.show_banner(None)
        window.hide()

    def _other(self) -> QScreen | None:
        here = self._main.window().screen()
        return next((s for s in self._screens() if not _same(s, here)), None)

    def _lend(self, page: PhotoPage) -> None:
        stand_in = StandIn()
        stand_in.back.connect(self.end)
        _replace(page.splitter, page.centre, stand_in)
        self._stand_ins[id(page)] = stand_in
        self._lent = page
        page.keep_photos(not self._covered)
        if self.window is not None:
            self.window.take(page.centre)

    def _bring_back(self) -> None:
        page, self._lent = self._lent, None
        if page is None:
            return
        if self.window is not None:
            self.window.take(None)
        stand_in = self._stand_ins.pop(id(page))
        _replace(page.splitter, stand_in, page.centre)
        page.centre.setFocus()
        stand_in.hide()
        stand_in.deleteLater()
        page.keep_photos(False)

    def _caption(self) -> None:
        if self.window is not None:
            self.window.identity.show_caption(self._lent.caption() if self._lent else "")

    def _banner_changed(self, banner: Banner | None) -> None:
        if self.window is not None:
            self.window.identity.show_banner(banner)
        self.follow(self._current)


def _replace(splitter: QSplitter, old: QWidget, new: QWidget) -> None:
    """Put one part of a splitter in the place and the width of another."""
    at, sizes = splitter.indexOf(old), splitter.sizes()
    splitter.replaceWidget(at, new)
    # Already so for Qt. Python has to be told too, or the part ends with the window it was in.
    new.setParent(splitter)
    splitter.setStretchFactor(at, 1)
    splitter.setSizes(sizes)
    new.show()


def _same(one: QScreen, other: QScreen) -> bool:
    return (one.name(), one.geometry()) == (other.name(), other.geometry())


def _shown(page: PhotoPage) -> bool:
    return isinstance(page, QWidget) and page.isVisible()
