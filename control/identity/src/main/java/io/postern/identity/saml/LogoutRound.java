package io.postern.identity.saml;

import io.postern.domain.AppId;
import io.postern.domain.SessionId;
import io.postern.domain.TenantId;
import io.postern.web.Parameters;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// How far a single logout has come in one browser.
///
/// @param session that has ended; empty if there was none
/// @param origin the service provider that began; empty if it began here
/// @param requestId of the origin's request
/// @param back the origin's RelayState, or the address to go to at last
/// @param asked whose answer is awaited
/// @param awaited id of our request to it
/// @param isIncomplete somebody could not be told
record LogoutRound(
        TenantId tenant,
        Optional<SessionId> session,
        Optional<AppId> origin,
        String requestId,
        String back,
        Optional<AppId> asked,
        String awaited,
        boolean isIncomplete) {

    LogoutRound of(SessionId ended) {
        return new LogoutRound(tenant, Optional.of(ended), origin, requestId, back, asked, awaited, isIncomplete);
    }

    LogoutRound waiting(AppId application, String id) {
        return new LogoutRound(tenant, session, origin, requestId, back, Optional.of(application), id, isIncomplete);
    }

    LogoutRound incomplete() {
        return new LogoutRound(tenant, session, origin, requestId, back, asked, awaited, true);
    }

    boolean waitsFor(Optional<String> inResponseTo) {
        return !awaited.isEmpty() && inResponseTo.equals(Optional.of(awaited));
    }

    String encoded() {
        var pairs = new ArrayList<String>();
        add(pairs, "tenant", tenant.value());
        session.ifPresent(id -> add(pairs, "session", id.value()));
        origin.ifPresent(id -> add(pairs, "origin", id.value()));
        add(pairs, "request", requestId);
        add(pairs, "back", back);
        asked.ifPresent(id -> add(pairs, "asked", id.value()));
        add(pairs, "awaited", awaited);
        add(pairs, "incomplete", isIncomplete ? "1" : "");
        return String.join("&", pairs);
    }

    static LogoutRound decoded(String text) {
        Parameters said = Parameters.parse(text);
        return new LogoutRound(
                new TenantId(said.oneOrEmpty("tenant")),
                said.one("session").map(SessionId::new),
                said.one("origin").map(AppId::new),
                said.oneOrEmpty("request"),
                said.oneOrEmpty("back"),
                said.one("asked").map(AppId::new),
                said.oneOrEmpty("awaited"),
                said.one("incomplete").isPresent());
    }

    private static void add(List<String> pairs, String name, String value) {
        pairs.add(name + "=" + Parameters.encode(value));
    }
}
