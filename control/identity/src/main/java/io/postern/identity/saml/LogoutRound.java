package io.postern.identity.saml;

import io.postern.domain.AppId;
import io.postern.domain.SessionId;
import io.postern.domain.TenantId;
import io.postern.web.Parameters;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A single logout that one browser goes through; how far it has come with each application stands in the database.
///
/// @param session that has ended
/// @param origin the service provider that began; empty if it began here
/// @param requestId of the origin's request
/// @param back the origin's RelayState, or the address to go to at last; empty for none
record LogoutRound(TenantId tenant, SessionId session, Optional<AppId> origin, String requestId, String back) {
    String encoded() {
        var pairs = new ArrayList<String>();
        add(pairs, "tenant", tenant.value());
        add(pairs, "session", session.value());
        origin.ifPresent(id -> add(pairs, "origin", id.value()));
        add(pairs, "request", requestId);
        add(pairs, "back", back);
        return String.join("&", pairs);
    }

    static LogoutRound decoded(String text) {
        Parameters said = Parameters.parse(text);
        return new LogoutRound(
                new TenantId(said.oneOrEmpty("tenant")),
                new SessionId(said.oneOrEmpty("session")),
                said.one("origin").map(AppId::new),
                said.oneOrEmpty("request"),
                said.oneOrEmpty("back"));
    }

    private static void add(List<String> pairs, String name, String value) {
        pairs.add(name + "=" + Parameters.encode(value));
    }
}
