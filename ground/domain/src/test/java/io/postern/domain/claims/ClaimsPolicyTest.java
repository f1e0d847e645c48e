package io.postern.domain.claims;

import static io.postern.domain.claims.People.SIMON;
import static io.postern.domain.claims.People.issue;
import static io.postern.domain.claims.People.person;
import static io.postern.domain.claims.People.said;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.postern.domain.AppId;
import io.postern.domain.claims.Condition.Users;
import io.postern.domain.claims.GroupClaim.By;
import io.postern.domain.claims.GroupClaim.Filter;
import io.postern.domain.claims.GroupClaim.Which;
import io.postern.domain.claims.Person.Kind;
import io.postern.domain.claims.Person.Membership;
import io.postern.domain.claims.Rows.Row;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class ClaimsPolicyTest {
    private static final String GROUPS = "http://schemas.microsoft.com/ws/2008/06/identity/claims/groups";
    private static final String ROLE = "http://schemas.microsoft.com/ws/2008/06/identity/claims/role";
    private static final String WIDS = "http://schemas.microsoft.com/ws/2008/06/identity/claims/wids";
    private static final String PAIRWISE = People.PAIRWISE.of(People.TENANT, People.APP, People.ID);

    @Test
    void theDefaultSaysWhatTheOriginalSays() {
        assertEquals(
                Map.of(
                        "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name",
                        List.of("B.Simon@contoso.example"),
                        "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/givenname",
                        List.of("Britta"),
                        "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/surname",
                        List.of("Simon"),
                        "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress",
                        List.of("bs@contoso.example"),
                        "http://schemas.microsoft.com/identity/claims/tenantid",
                        List.of(People.TENANT.value()),
                        "http://schemas.microsoft.com/identity/claims/objectidentifier",
                        List.of(People.ID),
                        "http://schemas.microsoft.com/identity/claims/identityprovider",
                        List.of("https://sts.example/t/"),
                        ROLE,
                        List.of("Editor", "Reader")),
                said(ClaimsPolicy.DEFAULT, SIMON, TokenKind.SAML));
    }

    static Stream<Arguments> nameIds() {
        var mail = new NameIdRule(Optional.empty(), Optional.of(Rows.of(Source.attribute("mail"))));
        var nothing =
                new NameIdRule(Optional.of(NameIdFormat.UNSPECIFIED), Optional.of(Rows.of(Source.attribute("city"))));
        String upn = "B.Simon@contoso.example";
        return Stream.of(
                arguments(NameIdRule.DEFAULT, null, NameIdFormat.EMAIL_ADDRESS, upn),
                arguments(NameIdRule.DEFAULT, NameIdFormat.EMAIL_ADDRESS, NameIdFormat.EMAIL_ADDRESS, upn),
                arguments(NameIdRule.DEFAULT, NameIdFormat.PERSISTENT, NameIdFormat.PERSISTENT, PAIRWISE),
                arguments(NameIdRule.DEFAULT, NameIdFormat.UNSPECIFIED, NameIdFormat.UNSPECIFIED, PAIRWISE),
                arguments(NameIdRule.DEFAULT, NameIdFormat.TRANSIENT, NameIdFormat.TRANSIENT, "_random"),
                arguments(format(NameIdFormat.PERSISTENT), null, NameIdFormat.PERSISTENT, PAIRWISE),
                arguments(format(NameIdFormat.UNSPECIFIED), null, NameIdFormat.UNSPECIFIED, upn),
                arguments(
                        format(NameIdFormat.WINDOWS_DOMAIN_QUALIFIED_NAME),
                        null,
                        NameIdFormat.WINDOWS_DOMAIN_QUALIFIED_NAME,
                        "CONTOSO\\bsimon"),
                arguments(mail, null, NameIdFormat.EMAIL_ADDRESS, "bs@contoso.example"),
                arguments(mail, NameIdFormat.PERSISTENT, NameIdFormat.PERSISTENT, "bs@contoso.example"),
                arguments(nothing, null, NameIdFormat.PERSISTENT, PAIRWISE));
    }

    private static NameIdRule format(NameIdFormat format) {
        return new NameIdRule(Optional.of(format), Optional.empty());
    }

    @ParameterizedTest
    @MethodSource("nameIds")
    void theNameIdFollowsRequestThenRuleThenPairwise(
            NameIdRule rule, NameIdFormat requested, NameIdFormat format, String value) {
        Issued issued = ClaimsPolicy.DEFAULT
                .withNameId(rule)
                .evaluate(SIMON, issue(TokenKind.SAML, Optional.ofNullable(requested)));

        assertEquals(new NameId(format, value), issued.nameId());
    }

    @Test
    void pairwiseIdentifiersDifferByApplicationUserAndKey() {
        assertEquals(43, PAIRWISE.length());
        assertNotEquals(PAIRWISE, People.PAIRWISE.of(People.TENANT, AppId.random(), People.ID));
        assertNotEquals(PAIRWISE, People.PAIRWISE.of(People.TENANT, People.APP, "other"));
        byte[] other = new byte[32];
        other[0] = 1;
        assertNotEquals(PAIRWISE, new PairwiseIds(other).of(People.TENANT, People.APP, People.ID));
        assertThrows(IllegalArgumentException.class, () -> new PairwiseIds(new byte[31]));
    }

    static Stream<Arguments> conditions() {
        return Stream.of(
                arguments(Users.ANY, Kind.MEMBER, true),
                arguments(Users.MEMBERS, Kind.MEMBER, true),
                arguments(Users.MEMBERS, Kind.ENTRA_GUEST, false),
                arguments(Users.ALL_GUESTS, Kind.ENTRA_GUEST, true),
                arguments(Users.ALL_GUESTS, Kind.EXTERNAL_GUEST, true),
                arguments(Users.ALL_GUESTS, Kind.MEMBER, false),
                arguments(Users.ENTRA_GUESTS, Kind.ENTRA_GUEST, true),
                arguments(Users.ENTRA_GUESTS, Kind.EXTERNAL_GUEST, false),
                arguments(Users.EXTERNAL_GUESTS, Kind.EXTERNAL_GUEST, true),
                arguments(Users.EXTERNAL_GUESTS, Kind.MEMBER, false));
    }

    @ParameterizedTest
    @MethodSource("conditions")
    void aConditionAsksForTheKindOfUser(Users users, Kind kind, boolean holds) {
        assertEquals(holds, new Condition(users, Set.of()).holds(person(kind)));
        assertEquals(holds, new Condition(users, Set.of("g1", "gX")).holds(person(kind)));
        assertFalse(new Condition(users, Set.of("gX")).holds(person(kind)));
    }

    @Test
    void theLastRowThatHoldsWinsAndTransformationsComeAfterAttributes() {
        var any = new Condition(Users.ANY, Set.of("g1"));
        var guests = new Condition(Users.ALL_GUESTS, Set.of());
        var lower = new Source(new Operand.Attribute("surname"), List.of(new Transformation.ToLowercase()));
        Optional<Source> otherwise = Optional.of(Source.constant("nobody"));

        assertEquals("simon", chosen(new Rows(otherwise, List.of(row(any, lower), row(any, Source.constant("a"))))));
        assertEquals(
                "b",
                chosen(new Rows(otherwise, List.of(row(any, Source.constant("a")), row(any, Source.constant("b"))))));
        assertEquals("nobody", chosen(new Rows(otherwise, List.of(row(guests, lower)))));
        assertEquals("", chosen(new Rows(Optional.empty(), List.of(row(guests, lower)))));
    }

    private static Row row(Condition condition, Source source) {
        return new Row(condition, source);
    }

    private static String chosen(Rows rows) {
        var rule = new ClaimRule(
                "x", Optional.empty(), Claim.NameFormat.BASIC, false, Set.of(TokenKind.SAML, TokenKind.JWT), rows);
        List<String> values = said(ClaimsPolicy.DEFAULT.withRules(List.of(rule)), SIMON, TokenKind.JWT)
                .getOrDefault("x", List.of());
        return String.join(",", values);
    }

    @Test
    void fiftyGroupsAreTheMostInOneClaim() {
        Set<String> fifty = IntStream.range(0, 50).mapToObj(i -> "g" + i).collect(Collectors.toSet());
        Set<String> more = IntStream.range(0, 51).mapToObj(i -> "g" + i).collect(Collectors.toSet());

        assertEquals(50, new Condition(Users.ANY, fifty).groups().size());
        assertThrows(ClaimsFault.class, () -> new Condition(Users.ANY, more));
        assertThrows(
                ClaimsFault.class,
                () -> new Rows(
                        Optional.empty(),
                        List.of(
                                row(new Condition(Users.ANY, fifty), Source.constant("a")),
                                row(new Condition(Users.ANY, Set.of("other")), Source.constant("b")))));
    }

    static Stream<Arguments> groups() {
        var bySam = new GroupClaim(
                Which.ALL,
                By.DISPLAY_NAME,
                Optional.of(new Filter(By.DISPLAY_NAME, Filter.Kind.PREFIX, "Staff")),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                false);
        return Stream.of(
                arguments(GroupClaim.NONE, List.of()),
                arguments(GroupClaim.of(Which.ALL, By.ID), List.of("g1", "g2", "g3")),
                arguments(GroupClaim.of(Which.SECURITY, By.ID), List.of("g1", "g2")),
                arguments(GroupClaim.of(Which.ASSIGNED, By.ID), List.of("g1")),
                arguments(GroupClaim.of(Which.DIRECTORY_ROLES, By.ID), List.of()),
                arguments(GroupClaim.of(Which.ALL, By.SAM_ACCOUNT_NAME), List.of("staff")),
                arguments(GroupClaim.of(Which.ALL, By.NETBIOS_SAM), List.of("CONTOSO\\staff")),
                arguments(GroupClaim.of(Which.ALL, By.DNS_SAM), List.of("contoso.corp\\staff")),
                arguments(GroupClaim.of(Which.ALL, By.SECURITY_IDENTIFIER), List.of("S-1-5-21")),
                arguments(GroupClaim.of(Which.ALL, By.DISPLAY_NAME), List.of("Staff", "Cloud Ops", "Staff news")),
                arguments(bySam, List.of("Staff", "Staff news")),
                arguments(filtered(By.DISPLAY_NAME, Filter.Kind.SUFFIX, "Ops"), List.of("Cloud Ops")),
                arguments(filtered(By.DISPLAY_NAME, Filter.Kind.CONTAINS, "f"), List.of("Staff", "Staff news")),
                arguments(filtered(By.SAM_ACCOUNT_NAME, Filter.Kind.CONTAINS, "s"), List.of("Staff")));
    }

    private static GroupClaim filtered(By on, Filter.Kind kind, String text) {
        return new GroupClaim(
                Which.ALL,
                By.DISPLAY_NAME,
                Optional.of(new Filter(on, kind, text)),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                false);
    }

    @ParameterizedTest
    @MethodSource("groups")
    void theGroupClaimNamesTheWantedGroups(GroupClaim claim, List<String> expected) {
        assertEquals(
                expected,
                said(ClaimsPolicy.DEFAULT.withGroups(claim), SIMON, TokenKind.SAML)
                        .getOrDefault(GROUPS, List.of()));
        assertEquals(
                expected,
                said(ClaimsPolicy.DEFAULT.withGroups(claim), SIMON, TokenKind.JWT)
                        .getOrDefault("groups", List.of()));
    }

    @Test
    void groupsAreRewrittenRenamedAndTurnedIntoRoles() {
        var regex = new RegexReplacement("^Staff ?(.*)$", "$1", Set.of());
        var renamed = new GroupClaim(
                Which.ALL,
                By.DISPLAY_NAME,
                Optional.empty(),
                Optional.of(regex),
                Optional.of("memberOf"),
                Optional.of("urn:wiki"),
                false);
        var roles = new GroupClaim(
                Which.ASSIGNED,
                By.DISPLAY_NAME,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                true);

        assertEquals(
                List.of("Cloud Ops", "news"),
                said(ClaimsPolicy.DEFAULT.withGroups(renamed), SIMON, TokenKind.SAML)
                        .get("urn:wiki/memberOf"));
        assertEquals(
                List.of("Staff"),
                said(ClaimsPolicy.DEFAULT.withGroups(roles), SIMON, TokenKind.SAML)
                        .get(ROLE));
        assertFalse(said(ClaimsPolicy.DEFAULT.withGroups(roles), SIMON, TokenKind.SAML)
                .containsKey(GROUPS));
    }

    @Test
    void directoryRolesAreSaidWhereWanted() {
        List<String> global = List.of("62e90394-69f5-4237-9190-012177145e10");

        assertEquals(
                global,
                said(
                                ClaimsPolicy.DEFAULT.withGroups(GroupClaim.of(Which.DIRECTORY_ROLES, By.ID)),
                                SIMON,
                                TokenKind.SAML)
                        .get(WIDS));
        assertFalse(said(ClaimsPolicy.DEFAULT.withGroups(GroupClaim.of(Which.SECURITY, By.ID)), SIMON, TokenKind.SAML)
                .containsKey(WIDS));
    }

    @ParameterizedTest
    @EnumSource(TokenKind.class)
    void moreGroupsThanATokenHoldsAreLeftOutAndALinkIsGiven(TokenKind token) {
        int max = token == TokenKind.SAML ? 150 : 200;
        ClaimsPolicy policy = ClaimsPolicy.DEFAULT.withGroups(GroupClaim.of(Which.ALL, By.ID));
        Issued full = policy.evaluate(inGroups(max), issue(token));
        Issued over = policy.evaluate(inGroups(max + 1), issue(token));

        assertFalse(full.groupsOverage());
        assertTrue(full.claims().stream()
                .anyMatch(c -> c.name().equals("groups") && c.values().size() == max));
        assertTrue(over.groupsOverage());
        assertTrue(over.claims().stream().noneMatch(c -> c.name().equals("groups")));
        assertEquals(
                token == TokenKind.SAML ? List.of("https://api.example/users/1/getMemberObjects") : List.of(),
                over.claims().stream()
                        .filter(c -> c.fullName().equals("http://schemas.microsoft.com/claims/groups.link"))
                        .flatMap(c -> c.values().stream())
                        .toList());
    }

    private static Person inGroups(int count) {
        return new Person(
                People.TENANT,
                People.ID,
                "u@x.example",
                Kind.MEMBER,
                Map.of(),
                IntStream.range(0, count)
                        .mapToObj(i -> new Membership("g" + i, "G" + i, true, false, Optional.empty()))
                        .toList(),
                Set.of(),
                List.of());
    }

    @Test
    void refusesRulesThatCannotBe() {
        Rows rows = Rows.of(Source.attribute("mail"));
        assertThrows(ClaimsFault.class, () -> rule("sub", Optional.empty(), Set.of(TokenKind.JWT), rows));
        assertThrows(ClaimsFault.class, () -> rule("a b", Optional.empty(), Set.of(TokenKind.SAML), rows));
        assertThrows(ClaimsFault.class, () -> rule("a", Optional.of("no uri"), Set.of(TokenKind.SAML), rows));
        ClaimRule twice = rule("a", Optional.empty(), Set.of(TokenKind.SAML), rows);
        assertThrows(ClaimsFault.class, () -> ClaimsPolicy.DEFAULT.withRules(List.of(twice, twice)));
        assertThrows(ClaimsFault.class, () -> new NameIdRule(Optional.of(NameIdFormat.TRANSIENT), Optional.empty()));
        assertThrows(ClaimsFault.class, () -> filtered(By.ID, Filter.Kind.PREFIX, "x"));
    }

    private static ClaimRule rule(String name, Optional<String> namespace, Set<TokenKind> tokens, Rows rows) {
        return new ClaimRule(name, namespace, Claim.NameFormat.URI, false, tokens, rows);
    }
}
