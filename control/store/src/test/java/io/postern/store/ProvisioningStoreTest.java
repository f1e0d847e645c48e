package io.postern.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.postern.domain.GroupId;
import io.postern.domain.ProvisioningClientId;
import io.postern.store.ProvisioningStore.Anchor;
import io.postern.store.ProvisioningStore.Client;
import io.postern.store.ProvisioningStore.Kind;
import io.postern.store.ProvisioningStore.Token;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class ProvisioningStoreTest extends StoreContract {
    private static Client client(Tenant tenant, String name) {
        var client = new Client(tenant.id(), ProvisioningClientId.random(), name, NOW);
        change(s -> s.provisioning().insert(client));
        return client;
    }

    private static Anchor anchor(String externalId) {
        return new Anchor(Optional.of(externalId), Map.of("nickName", "Babs", "roles", List.of(Map.of("value", "x"))));
    }

    private static void refusesDuplicate(String property, Consumer<Stores> work) {
        var refused = assertThrows(DuplicateKey.class, () -> change(work));
        assertEquals(property, refused.property());
    }

    @Test
    void findsAClientByItsTokenUntilEitherIsGone() {
        Tenant tenant = tenant();
        Client okta = client(tenant, "Okta");
        var token = new Token(tenant.id(), "t1", okta.id(), "hash" + okta.id(), NOW, Optional.of(NOW.plusSeconds(9)));
        change(s -> s.provisioning().insert(token));

        assertEquals(Optional.of(token), read(s -> s.provisioning().findToken(token.secretHash())));
        assertTrue(token.holds(NOW));
        assertFalse(token.holds(NOW.plusSeconds(9)), "exclusive");
        assertEquals(List.of(token), read(s -> s.provisioning().tokens(tenant.id(), okta.id())));
        Tenant other = tenant();
        assertFalse(write(s -> s.provisioning().deleteToken(other.id(), okta.id(), "t1")), "another tenant");

        assertTrue(write(s -> s.provisioning().delete(tenant.id(), okta.id())));
        assertEquals(Optional.empty(), read(s -> s.provisioning().findToken(token.secretHash())));
    }

    @Test
    void hasEveryNameOnce() {
        Tenant tenant = tenant();
        Client okta = client(tenant, "Okta");
        var again = new Client(tenant.id(), ProvisioningClientId.random(), "OKTA", NOW);

        refusesDuplicate("displayName", s -> s.provisioning().insert(again));

        assertEquals(List.of(okta), read(s -> s.provisioning().list(tenant.id())));
        client(tenant(), "Okta");
    }

    @Test
    void keepsWhatEachClientSaysOfAUser() {
        Tenant tenant = tenant();
        Client okta = client(tenant, "Okta");
        Client entra = client(tenant, "Entra");
        User anna = user(tenant, "anna");
        User berta = user(tenant, "berta");
        change(s -> s.provisioning().put(okta, Kind.USER, anna.id().value(), anchor("1")));
        change(s -> s.provisioning().put(entra, Kind.USER, berta.id().value(), anchor("1")));

        assertEquals(Optional.of(anna.id().value()), read(s -> s.provisioning().byExternalId(okta, Kind.USER, "1")));
        assertEquals(Optional.empty(), read(s -> s.provisioning().byExternalId(okta, Kind.GROUP, "1")));
        assertEquals(
                anchor("1"),
                read(s -> s.provisioning().anchor(okta, Kind.USER, anna.id().value())));
        assertEquals(
                Anchor.NONE,
                read(s -> s.provisioning().anchor(entra, Kind.USER, anna.id().value())));
        refusesDuplicate(
                "externalId",
                s -> s.provisioning().put(okta, Kind.USER, berta.id().value(), anchor("1")));

        change(s -> s.provisioning().put(okta, Kind.USER, anna.id().value(), anchor("2")));
        assertEquals(
                Map.of(anna.id().value(), anchor("2")),
                read(s -> s.provisioning().anchors(okta, Kind.USER)));

        change(s -> s.users().delete(tenant.id(), anna.id()));
        assertEquals(Map.of(), read(s -> s.provisioning().anchors(okta, Kind.USER)), "goes with the user");
        change(s -> s.provisioning().delete(tenant.id(), entra.id()));
        assertEquals(Map.of(), read(s -> s.provisioning().anchors(entra, Kind.USER)), "goes with the client");
    }

    @Test
    void keepsWhatAClientSaysOfAGroup() {
        Tenant tenant = tenant();
        Client okta = client(tenant, "Okta");
        var sales = new Group(tenant.id(), GroupId.random(), "Sales", Optional.empty(), NOW);
        change(s -> s.groups().insert(sales));
        change(s -> s.provisioning().put(okta, Kind.GROUP, sales.id().value(), anchor("1")));

        assertEquals(Optional.of(sales.id().value()), read(s -> s.provisioning().byExternalId(okta, Kind.GROUP, "1")));

        change(s -> s.groups().delete(tenant.id(), sales.id()));
        assertEquals(Optional.empty(), read(s -> s.provisioning().byExternalId(okta, Kind.GROUP, "1")));
    }

    @Test
    void pagesUsersByPlace() {
        Tenant tenant = tenant();
        List<User> users = List.of(user(tenant, "pa"), user(tenant, "pb"), user(tenant, "pc"));

        assertEquals(users.subList(1, 3), read(s -> s.users().page(tenant.id(), 1, 5)));
        assertEquals(users.subList(0, 2), read(s -> s.users().page(tenant.id(), 0, 2)));
        assertEquals(List.of(), read(s -> s.users().page(tenant.id(), 3, 2)));
    }
}
