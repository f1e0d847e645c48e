package io.postern.gateway.admit;

import io.netty.channel.EventLoop;
import io.postern.gateway.exchange.ClientFacts;
import io.postern.gateway.exchange.ControlCall;
import io.postern.gateway.exchange.RequestHead;
import io.postern.gateway.exchange.Route;
import io.postern.gateway.page.ErrorKind;
import io.postern.gateway.page.ErrorPages;
import io.postern.token.KeyRing;

/// Decides whether a request may pass. One for all event loops; thread-safe.
public final class Admitter {
    private final ErrorPages pages;

    public Admitter(KeyRing ring, ControlCall control, ErrorPages pages) {
        this.pages = pages;
    }

    /// On `loop`, once per request.
    public Admission admit(RequestHead head, Route route, ClientFacts client, EventLoop loop) {
        return new Admission.Answered(pages.page(ErrorKind.INTERNAL, head, client));
    }
}
