package io.postern.domain.claims;

import io.postern.domain.AppId;
import io.postern.domain.TenantId;
import io.postern.domain.claims.Person.Kind;
import io.postern.domain.claims.Person.Membership;
import io.postern.domain.claims.Person.OnPremises;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Whom the tests of claims speak about.
final class People {
    static final TenantId TENANT = new TenantId("11111111-2222-3333-4444-555555555555");
    static final AppId APP = new AppId("aaaaaaaa-2222-3333-4444-555555555555");
    static final String ID = "99999999-2222-3333-4444-555555555555";
    static final PairwiseIds PAIRWISE = new PairwiseIds(new byte[32]);

    static final Membership STAFF = new Membership(
            "g1",
            "Staff",
            true,
            true,
            Optional.of(new OnPremises(
                    Optional.of("staff"),
                    Optional.of("CONTOSO"),
                    Optional.of("contoso.corp"),
                    Optional.of("S-1-5-21"))));
    static final Membership CLOUD = new Membership("g2", "Cloud Ops", true, false, Optional.empty());
    static final Membership MAIL = new Membership("g3", "Staff news", false, false, Optional.empty());

    static final Person SIMON = person(Kind.MEMBER);

    private People() {}

    static Person person(Kind kind) {
        return new Person(
                TENANT,
                ID,
                "B.Simon@contoso.example",
                kind,
                Map.ofEntries(
                        Map.entry("mail", List.of("bs@contoso.example")),
                        Map.entry("givenName", List.of("Britta")),
                        Map.entry("surname", List.of("Simon")),
                        Map.entry("department", List.of("Finance_BSimon_US")),
                        Map.entry("employeeId", List.of("123_BSimon")),
                        Map.entry("jobTitle", List.of("BSimon_123")),
                        Map.entry("country", List.of("DE")),
                        Map.entry("otherMails", List.of("a@x.example", "b@y.example")),
                        Map.entry("onPremisesSamAccountName", List.of("bsimon")),
                        Map.entry("onPremisesDomainName", List.of("contoso.corp")),
                        Map.entry("extensionAttribute7", List.of("seven"))),
                List.of(STAFF, CLOUD, MAIL),
                Set.of("62e90394-69f5-4237-9190-012177145e10"),
                List.of("Editor", "Reader"));
    }

    static Issue issue(TokenKind token) {
        return issue(token, Optional.empty());
    }

    static Issue issue(TokenKind token, Optional<NameIdFormat> requested) {
        return new Issue(
                token,
                APP,
                "https://sts.example/t/",
                PAIRWISE,
                requested,
                Optional.of("https://api.example/users/1/getMemberObjects"),
                () -> "_random");
    }

    static Map<String, List<String>> said(ClaimsPolicy policy, Person person, TokenKind token) {
        return policy.evaluate(person, issue(token)).claims().stream()
                .collect(java.util.stream.Collectors.toMap(
                        claim -> token == TokenKind.SAML ? claim.fullName() : claim.name(), Claim::values));
    }
}
