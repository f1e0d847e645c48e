package io.postern.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.domain.AppId;
import io.postern.domain.SessionId;
import io.postern.store.LogoutParticipantStore.Known;
import io.postern.store.LogoutParticipantStore.Outcome;
import io.postern.store.LogoutParticipantStore.Protocol;
import io.postern.store.LogoutParticipantStore.Row;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LogoutParticipantStoreTest extends StoreContract {
    private static final AppId WIKI = new AppId("00000000-0000-4000-8000-00000000000a");
    private static final AppId WAGES = new AppId("00000000-0000-4000-8000-00000000000b");

    @Test
    void remembersOneOfEachApplicationAndProtocolUntilItLeavesOrExpires() {
        Tenant tenant = tenant();
        SessionId session = SessionId.random();
        var old = row(tenant, session, WAGES, Protocol.SAML, "_1");
        var fresh = row(tenant, session, WAGES, Protocol.SAML, "_2");
        var federated = row(tenant, session, WAGES, Protocol.WS_FEDERATION, "");
        var other = row(tenant, session, WIKI, Protocol.SAML, "_3");
        List.of(old, fresh, federated, other)
                .forEach(row -> change(s -> s.logoutParticipants().put(row)));

        assertEquals(
                List.of(other, fresh, federated),
                read(s -> s.logoutParticipants().of(tenant.id(), session)));
        assertEquals(List.of(), read(s -> s.logoutParticipants().of(tenant.id(), SessionId.random())));
        change(s -> s.logoutParticipants().forget(tenant.id(), session, WIKI, Protocol.SAML));
        assertEquals(List.of(fresh, federated), read(s -> s.logoutParticipants().of(tenant.id(), session)));
        assertTrue(write(s -> s.logoutParticipants().purge(NOW.plusSeconds(2))) >= 2);
        assertEquals(List.of(), read(s -> s.logoutParticipants().of(tenant.id(), session)));
    }

    @Test
    void findsWhoWasAskedByTheRequestOfThisTenantOnly() {
        Tenant tenant = tenant();
        Tenant stranger = tenant();
        var asked = row(tenant, SessionId.random(), WIKI, Protocol.SAML, "_1").outcome(Outcome.ASKED, "_request");
        change(s -> s.logoutParticipants().put(asked));
        change(s -> s.logoutParticipants().put(row(tenant, SessionId.random(), WAGES, Protocol.SAML, "_2")));

        assertEquals(Optional.of(asked), read(s -> s.logoutParticipants().asked(tenant.id(), "_request")));
        assertEquals(Optional.empty(), read(s -> s.logoutParticipants().asked(stranger.id(), "_request")));
        assertEquals(Optional.empty(), read(s -> s.logoutParticipants().asked(tenant.id(), "")));
    }

    @Test
    void findsTheSessionThatAnApplicationCallsSo() {
        Tenant tenant = tenant();
        Tenant stranger = tenant();
        var row = row(tenant, SessionId.random(), WIKI, Protocol.SAML, "_9");
        change(s -> s.logoutParticipants().put(row));
        change(s -> s.logoutParticipants().put(row(tenant, SessionId.random(), WAGES, Protocol.OPENID, "")));

        assertEquals(Optional.of(row), read(s -> s.logoutParticipants().indexed(tenant.id(), WIKI, "_9")));
        assertEquals(Optional.empty(), read(s -> s.logoutParticipants().indexed(tenant.id(), WAGES, "_9")));
        assertEquals(Optional.empty(), read(s -> s.logoutParticipants().indexed(stranger.id(), WIKI, "_9")));
        assertEquals(Optional.empty(), read(s -> s.logoutParticipants().indexed(tenant.id(), WAGES, "")));
    }

    private static Row row(Tenant tenant, SessionId session, AppId application, Protocol protocol, String index) {
        return new Row(
                tenant.id(),
                session,
                application,
                protocol,
                protocol == Protocol.SAML ? "" : "https://wages.example.com/",
                new Known(
                        index,
                        "b.simon@contoso.example",
                        "urn:oasis:names:tc:SAML:2.0:nameid-format:transient",
                        index.equals("_2") ? Optional.of("urn:q") : Optional.empty()),
                Outcome.SIGNED_ON,
                "",
                NOW.plusSeconds(1));
    }
}
