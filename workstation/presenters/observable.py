"""An event with typed payload and subscriptions that can be closed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

T = TypeVar("T")
S = TypeVar("S", bound="DataclassInstance")


class Subscription:
    """Ends one listening when closed; closing twice is harmless."""

    def __init__(self, close: Callable[[], None]) -> None:
        self._close: Callable[[], None] | None = close

    def close(self) -> None:
        """Stop listening."""
        if self._close is not None:
            self._close()
            self._close = None


class Event(Generic[T]):
    """Listeners are called in the order they subscribed, on the emitting thread."""

    def __init__(self) -> None:
        self._listeners: dict[int, Callable[[T], None]] = {}
        self._next = 0

    def subscribe(self, listener: Callable[[T], None]) -> Subscription:
        """Call ``listener`` at each emission until the subscription is closed."""
        number = self._next
        self._next += 1
        self._listeners[number] = listener
        return Subscription(lambda: self._listeners.pop(number, None) and None)

    def emit(self, value: T) -> None:
        """Tell all listeners."""
        for listener in tuple(self._listeners.values()):
            listener(value)


class StateEvent(Event[T]):
    """An event whose value is how things stand: nobody is told an older state after a newer one.

    A listener may bring about a newer state while it is being told of this one; the others then hear
    of the newer one alone.
    """

    def __init__(self) -> None:
        super().__init__()
        self._round = 0

    def emit(self, value: T) -> None:
        """Tell all listeners, unless they have been told something newer meanwhile."""
        self._round += 1
        mine = self._round
        for listener in tuple(self._listeners.values()):
            if mine != self._round:
                return
            listener(value)


class Followed(Generic[S]):
    """A state that pages follow: ``changed`` tells each new one."""

    state: S
    changed: Event[S]

    def _set(self, **changes: Any) -> None:
        """Change fields of the state and tell it."""
        self.state = replace(self.state, **changes)
        self.changed.emit(self.state)
