package io.postern.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.domain.AppId;
import io.postern.domain.SessionId;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SamlParticipantStoreTest extends StoreContract {
    @Test
    void remembersOneOfEachApplicationUntilItIsTakenOrExpires() {
        Tenant tenant = tenant();
        SessionId session = SessionId.random();
        AppId wiki = new AppId("00000000-0000-4000-8000-00000000000a");
        AppId wages = new AppId("00000000-0000-4000-8000-00000000000b");
        var old = row(tenant, session, wages, "_1");
        var fresh = row(tenant, session, wages, "_2");
        var other = row(tenant, session, wiki, "_3");
        change(s -> s.samlParticipants().put(old));
        change(s -> s.samlParticipants().put(fresh));
        change(s -> s.samlParticipants().put(other));

        assertEquals(List.of(other, fresh), read(s -> s.samlParticipants().of(tenant.id(), session)));
        assertEquals(List.of(), read(s -> s.samlParticipants().of(tenant.id(), SessionId.random())));
        assertTrue(write(s -> s.samlParticipants().delete(tenant.id(), session, wiki)));
        assertFalse(write(s -> s.samlParticipants().delete(tenant.id(), session, wiki)), "taken once");
        assertTrue(write(s -> s.samlParticipants().purge(NOW.plusSeconds(2))) >= 1);
        assertEquals(List.of(), read(s -> s.samlParticipants().of(tenant.id(), session)));
    }

    private static SamlParticipantStore.Row row(Tenant tenant, SessionId session, AppId application, String index) {
        return new SamlParticipantStore.Row(
                tenant.id(),
                session,
                application,
                index,
                "b.simon@contoso.example",
                "urn:oasis:names:tc:SAML:2.0:nameid-format:transient",
                index.equals("_2") ? Optional.of("urn:q") : Optional.empty(),
                NOW.plusSeconds(1));
    }
}
