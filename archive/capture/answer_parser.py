"""Reads answers from a connection as browsers do, in the place of Twisted's parser, which is strict about names,
lengths and lines."""

from typing import Any

from twisted.internet.error import ConnectionDone
from twisted.python.failure import Failure
from twisted.web._newclient import BODY, DONE, HTTPClientParser, Response, ResponseFailed
from twisted.web.http import PotentialDataLoss, _DataLoss
from twisted.web.iweb import UNKNOWN_LENGTH

from archive.warc.bodies import Counted, Framing, ToTheEnd, announces_too_little, framing_of, in_force
from archive.warc.exchange_log import ExchangeLog
from archive.warc.http import HeadReader, header_values, status_of


class BrokenFraming(ValueError):
    """Nothing more can be read of the body."""


class AnswerParser(HTTPClientParser):
    """Tells Twisted when the head and when the body of an answer have come; what they say, the exchange's log holds.

    An object of Twisted's class becomes one of this class, and then begins.
    """

    request: Any
    response: Any
    transport: Any
    state: str
    connHeaders: Any
    headers: Any

    def begin(self, log: ExchangeLog) -> None:
        """Wait for the answer to the request of this log, which has all bytes before they are read here."""
        self.log = log
        self._heads = HeadReader()
        self._framing: Framing | None = None

    def dataReceived(self, data: bytes) -> None:
        self._everReceivedData = True
        if self._framing is not None:
            payload = self._framing.feed(data)
            self._framing = in_force(self._framing)
            self._deliver(self._framing, payload)
        elif found := self._heads.feed(data):
            self._read_head(*found)

    def connectionLost(self, reason: Failure | None = None) -> None:
        if self._framing is None:
            super().connectionLost(reason)
        elif self.state == DONE:
            self.response._bodyDataFinished()
        else:
            assert reason is not None
            self.response._bodyDataFinished(self._end_of_body(self._framing, reason))

    def _end_of_body(self, framing: Framing, reason: Failure) -> Failure:
        """How Twisted tells an end that was not announced."""
        # Many servers end TLS without a word, and browsers do not mind; Twisted then knows no kinds of end.
        is_orderly = isinstance(reason.value, ConnectionDone) or self.log.tls is not None
        if not self.log.is_closed:
            self.log.is_orderly = is_orderly
        if is_orderly and isinstance(framing, ToTheEnd):
            return Failure(PotentialDataLoss())  # type: ignore[no-untyped-call]
        reasons = [reason, Failure(_DataLoss())]  # type: ignore[no-untyped-call]
        return Failure(ResponseFailed(reasons, self.response))  # type: ignore[no-untyped-call]

    def _read_head(self, head: bytes, rest: bytes) -> None:
        self.log.begin_body(head, rest)
        announced = framing_of(self.request.method.decode("ascii"), head)
        payload = announced.feed(rest)
        framing = in_force(announced)
        if announces_too_little(framing, head, payload):
            framing, payload = ToTheEnd(), rest
        self.response = Response._construct(  # type: ignore[no-untyped-call]
            (b"HTTP", 1, 1), status_of(head), b"", self.headers, self.transport, self.request
        )
        self.response.answer_head = head
        self.response.length = framing.length if isinstance(framing, Counted) else UNKNOWN_LENGTH
        if b"close" in b",".join(header_values(head, "Connection")).lower() or framing.surplus:
            self._close_afterwards()
        if self.response.length == 0:
            self._finished(b"")  # type: ignore[no-untyped-call]
            self.response._bodyDataFinished()
            self._tell()
        else:
            self._framing = framing
            self.transport.pauseProducing()  # until somebody takes the body
            self.state = BODY
            self._tell()
            self._deliver(framing, payload)

    def _tell(self) -> None:
        self._responseDeferred.callback(self.response)
        del self._responseDeferred

    def _deliver(self, framing: Framing, payload: bytes) -> None:
        if payload:
            self.response._bodyDataReceived(payload)
        if framing.is_broken:
            raise BrokenFraming("Something else stands where the size of a chunk should")
        if not framing.is_done:
            return
        if framing.surplus:
            self._close_afterwards()
        if isinstance(framing, Counted) and framing.surplus and self._runs_on(framing):
            self._framing = ToTheEnd()
            self.response._bodyDataReceived(framing.surplus)
        else:
            self._finished(b"")  # type: ignore[no-untyped-call]

    def _runs_on(self, framing: Counted) -> bool:
        with self.log.body.getbuffer() as came:
            payload = bytes(came[: framing.length])
        return announces_too_little(framing, self.log.head, payload)

    def _close_afterwards(self) -> None:
        """Use the connection for no further request: what is still under way would be taken for its answer."""
        self.connHeaders.setRawHeaders(b"Connection", [b"close"])
