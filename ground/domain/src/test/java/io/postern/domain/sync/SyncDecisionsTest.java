package io.postern.domain.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.domain.UserId;
import io.postern.domain.sync.SoftMatch.Candidate;
import io.postern.domain.sync.SoftMatch.Decision;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// SYN-2, SYN-5: who is taken over, and how much may go; and names.
class SyncDecisionsTest {
    private static final UserId ID = UserId.random();
    private static final Candidate PLAIN = new Candidate(ID, "a@x", false, false, false);
    private static final Candidate ADMINISTRATOR = new Candidate(ID, "a@x", true, false, false);
    private static final Candidate GUEST = new Candidate(ID, "a@x", false, true, false);
    private static final Candidate ANOTHERS = new Candidate(ID, "a@x", false, false, true);

    @Test
    void takesOverByNameOrElseByMail() {
        assertEquals(new Decision.Link(ID), SoftMatch.decide("a@x", Optional.of(PLAIN), List.of(), true));
        assertEquals(new Decision.Link(ID), SoftMatch.decide("a@x", Optional.empty(), List.of(PLAIN), true));
        assertEquals(new Decision.Create(), SoftMatch.decide("a@x", Optional.empty(), List.of(PLAIN, PLAIN), true));
        assertEquals(new Decision.Create(), SoftMatch.decide("a@x", Optional.empty(), List.of(), true));
    }

    @Test
    void neverTakesOverWhomItMustNot() {
        for (Candidate protectedOne : List.of(ADMINISTRATOR, GUEST, ANOTHERS)) {
            assertInstanceOf(
                    Decision.Refuse.class, SoftMatch.decide("a@x", Optional.of(protectedOne), List.of(), true));
            assertEquals(new Decision.Create(), SoftMatch.decide("a@x", Optional.empty(), List.of(protectedOne), true));
        }
        assertInstanceOf(Decision.Refuse.class, SoftMatch.decide("a@x", Optional.of(PLAIN), List.of(), false));
        assertEquals(new Decision.Create(), SoftMatch.decide("a@x", Optional.empty(), List.of(PLAIN), false));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0, true",
        "1, 1, true",
        "2, 2, false",
        "10, 20, true",
        "11, 20, false",
        "11, 110, true",
        "500, 50000, true",
        "501, 50000, false"
    })
    void aCycleMayDeleteSoMuch(long deletions, long known, boolean allowed) {
        assertEquals(
                allowed,
                DeletionLimit.DEFAULT
                        .objection(deletions, known, Optional.empty())
                        .isEmpty());
    }

    @Test
    void anAdministratorsNumberTakesThePlaceOfTheLimit() {
        assertTrue(DeletionLimit.DEFAULT.objection(900, 900, Optional.of(900)).isEmpty());
        assertFalse(DeletionLimit.DEFAULT.objection(2, 900, Optional.of(1)).isEmpty());
        assertThrows(IllegalArgumentException.class, () -> new DeletionLimit(1, 101));
    }

    @Test
    void oneNameHasManySpellings() {
        DirectoryName name = DirectoryName.of("CN=Smith\\, Ann,OU=Staff,DC=corp,DC=test");
        assertEquals(
                name.key(),
                DirectoryName.of("cn=smith\\, ann, ou=STAFF , dc=corp,dc=test").key());
        assertTrue(name.isWithin(DirectoryName.of("ou=staff,dc=Corp,dc=test")));
        assertTrue(name.isWithin(name));
        assertFalse(name.isWithin(DirectoryName.of("OU=aff,DC=corp,DC=test")));
        assertEquals(Optional.of("corp.test"), name.dnsDomain());
        for (String wrong : List.of("", "Staff", "OU=Staff,,DC=x", "=x")) {
            assertThrows(IllegalArgumentException.class, () -> DirectoryName.of(wrong), wrong);
        }
    }

    @Test
    void membersOfGroupsAreOneFilterWithTheOther() {
        DirectoryName sales = DirectoryName.of("CN=Sales (EU),OU=Groups\\, all,DC=corp,DC=test");
        DirectoryName it = DirectoryName.of("CN=IT,DC=corp,DC=test");
        assertEquals(Optional.of("(mail=*)"), MemberSelection.ALL.filter(Optional.of("(mail=*)")));
        assertEquals(
                Optional.of("(memberOf:1.2.840.113556.1.4.1941:=CN=IT,DC=corp,DC=test)"),
                new MemberSelection(List.of(it), true).filter(Optional.empty()));
        assertEquals(
                Optional.of("(&(mail=*)(|(memberOf=CN=Sales \\28EU\\29,OU=Groups\\5c, all,DC=corp,DC=test)"
                        + "(memberOf=CN=IT,DC=corp,DC=test)))"),
                new MemberSelection(List.of(sales, it), false).filter(Optional.of("(mail=*)")));
    }

    @Test
    void onlyWhatThereIsCanBeMapped() {
        for (String wrong : List.of("userType", "accountEnabled", "onPremisesSyncEnabled", "group.mail", "nothing")) {
            assertThrows(IllegalArgumentException.class, () -> SyncMapping.of(Map.of(wrong, "sn")), wrong);
        }
        assertThrows(IllegalArgumentException.class, () -> SyncMapping.of(Map.of("displayName", "none")));
        assertFalse(SyncMapping.of(Map.of("mail", "none")).users().containsKey("mail"));
        assertTrue(SyncMapping.of(Map.of()).userAttributes().contains("useraccountcontrol"));
    }
}
