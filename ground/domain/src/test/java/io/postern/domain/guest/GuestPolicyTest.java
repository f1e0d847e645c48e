package io.postern.domain.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.domain.directory.Action;
import io.postern.domain.guest.GuestPolicy.Inviters;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Who may be invited, by whom, and what guests are called (GST-1, GST-2).
class GuestPolicyTest {
    private static GuestPolicy of(Inviters inviters, List<String> allowed, List<String> blocked) {
        return new GuestPolicy(inviters, allowed, blocked, 90, Optional.empty());
    }

    @ParameterizedTest
    @CsvSource({
        "NONE,                false, false, false, false",
        "ADMINS,              true,  false, false, false",
        "ADMINS_AND_INVITERS, true,  true,  false, false",
        "MEMBERS,             true,  true,  true,  false",
        "EVERYONE,            true,  true,  true,  true"
    })
    void letsInviteWhomItNames(Inviters inviters, boolean admin, boolean inviter, boolean member, boolean guest) {
        GuestPolicy policy = of(inviters, List.of(), List.of());

        assertEquals(admin, policy.lets(Set.of(Action.DIRECTORY_READ, Action.USERS_WRITE), false));
        assertEquals(inviter, policy.lets(Set.of(Action.GUESTS_INVITE), true));
        assertEquals(member, policy.lets(Set.of(), false));
        assertEquals(guest, policy.lets(Set.of(), true));
    }

    @Test
    void aBlockedDomainCountsBeforeAnAllowedOne() {
        assertTrue(of(Inviters.NONE, List.of(), List.of()).admits("partner.example"));
        GuestPolicy policy = of(Inviters.NONE, List.of("partner.example"), List.of("lab.partner.example"));

        assertTrue(policy.admits("partner.example"));
        assertTrue(policy.admits("Berlin.Partner.example"));
        assertFalse(policy.admits("a.lab.partner.example"));
        assertFalse(policy.admits("notpartner.example"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "alice",
                "@partner.example",
                "alice@partner",
                "a@b@partner.example",
                "alice@partner.example\r\nBcc: x",
                "älice@partner.example",
                "alice@-x.example",
                ".alice@partner.example",
                "\"alice\"@partner.example",
                "alice@partner..example",
                "<alice@partner.example>"
            })
    void refusesWhatIsNoAddress(String typed) {
        assertEquals(Optional.empty(), GuestAddress.read(typed));
    }

    @ParameterizedTest
    @CsvSource({
        "Alice_Partner.example#EXT#@contoso.example,    alice@partner.example",
        "a_b_partner.example#ext#@contoso.example,      a_b@partner.example",
        "alice@partner.example,                         ''",
        "_partner.example#ext#@contoso.example,         ''",
        "alice#ext#@contoso.example,                    ''"
    })
    void tellsWhereAGuestComesFrom(String name, String address) {
        assertEquals(address, ExternalName.addressOf(name).orElse(""));
    }

    @ParameterizedTest
    @CsvSource({
        "' Alice@Partner.example ', alice@partner.example,   alice_partner.example#ext#@contoso.example",
        "al+x@partner.example,      al+x@partner.example,    user_04b3735b5eae15c3#ext#@contoso.example",
    })
    void namesAGuestByHisAddress(String typed, String address, String name) {
        GuestAddress read = GuestAddress.read(typed).orElseThrow();

        assertEquals(address, read.value());
        assertEquals(name, ExternalName.of(read.value(), "contoso.example"));
        assertTrue(ExternalName.isOne(name));
        assertFalse(ExternalName.isOne(address));
    }
}
