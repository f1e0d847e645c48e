package io.postern.domain.federation;

import io.postern.domain.directory.Attributes;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// From which claim of an upstream each property of a user is read.
///
/// @param claims name of the claim by name of the property
public record ClaimMap(Map<String, String> claims) {
    public static final String SUBJECT = "subject";
    public static final String USER_PRINCIPAL_NAME = "userPrincipalName";
    public static final String DISPLAY_NAME = "displayName";
    public static final String GIVEN_NAME = "givenName";
    public static final String SURNAME = "surname";
    public static final String MAIL = "mail";
    public static final String GROUPS = "groups";

    /// Attributes that an upstream may fill: nothing by which people are told apart, found again or let in.
    private static final Set<String> ATTRIBUTES = Set.of(
            "employeeId",
            "employeeType",
            "department",
            "jobTitle",
            "companyName",
            "country",
            "city",
            "state",
            "streetAddress",
            "postalCode",
            "officeLocation",
            "telephoneNumber",
            "mobilePhone",
            Attributes.PREFERRED_LANGUAGE);

    /// Every property that can be mapped.
    public static final Set<String> PROPERTIES = properties();

    public static final ClaimMap OIDC = new ClaimMap(Map.of(
            SUBJECT, "sub",
            USER_PRINCIPAL_NAME, "preferred_username",
            DISPLAY_NAME, "name",
            GIVEN_NAME, "given_name",
            SURNAME, "family_name",
            MAIL, "email",
            GROUPS, "groups"));

    private static final String CLAIMS = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/";

    /// Without a claim for the subject it is the NameID.
    public static final ClaimMap SAML = new ClaimMap(Map.of(
            USER_PRINCIPAL_NAME, CLAIMS + "name",
            DISPLAY_NAME, "http://schemas.microsoft.com/identity/claims/displayname",
            GIVEN_NAME, CLAIMS + "givenname",
            SURNAME, CLAIMS + "surname",
            MAIL, CLAIMS + "emailaddress",
            GROUPS, "http://schemas.microsoft.com/ws/2008/06/identity/claims/groups"));

    private static final int NAME_MAX = 256;

    /// @throws IllegalArgumentException with a sentence, for a property that cannot be mapped or a claim without a name
    public ClaimMap {
        claims.forEach((property, claim) -> {
            if (!PROPERTIES.contains(property)) {
                throw new IllegalArgumentException(
                        "'" + property + "' cannot be filled from a claim; these can: " + PROPERTIES);
            }
            if (claim.isBlank() || claim.length() > NAME_MAX) {
                throw new IllegalArgumentException(
                        "the claim for " + property + " needs a name of 1 to " + NAME_MAX + " characters");
            }
        });
        claims = Collections.unmodifiableMap(new TreeMap<>(claims));
    }

    public Optional<String> claim(String property) {
        return Optional.ofNullable(claims.get(property));
    }

    /// These, with some of them read from elsewhere.
    public ClaimMap with(Map<String, String> others) {
        var all = new TreeMap<>(claims);
        all.putAll(others);
        return new ClaimMap(all);
    }

    /// What the upstream said, by our names. Empty when it named nobody.
    ///
    /// @param said values by name of the claim
    /// @param subject whom it speaks of, where no claim is mapped for that; empty for nobody
    public Optional<Stated> read(Map<String, List<String>> said, String subject) {
        Optional<String> who = claim(SUBJECT).isPresent() ? one(said, SUBJECT) : Optional.of(subject);
        return who.filter(id -> !id.isBlank() && id.length() <= Stated.SUBJECT_MAX)
                .map(id -> new Stated(
                        id,
                        one(said, USER_PRINCIPAL_NAME),
                        one(said, DISPLAY_NAME),
                        one(said, GIVEN_NAME),
                        one(said, SURNAME),
                        one(said, MAIL),
                        attributes(said),
                        new TreeSet<>(claim(GROUPS).map(said::get).orElse(List.of()))));
    }

    private Map<String, String> attributes(Map<String, List<String>> said) {
        var found = new TreeMap<String, String>();
        claims.keySet().stream()
                .filter(ATTRIBUTES::contains)
                .forEach(property -> one(said, property).ifPresent(value -> found.put(property, value)));
        return found;
    }

    private Optional<String> one(Map<String, List<String>> said, String property) {
        return claim(property).map(said::get).stream()
                .flatMap(List::stream)
                .map(String::strip)
                .filter(value -> !value.isEmpty())
                .findFirst();
    }

    private static Set<String> properties() {
        var all = new TreeSet<>(ATTRIBUTES);
        all.addAll(List.of(SUBJECT, USER_PRINCIPAL_NAME, DISPLAY_NAME, GIVEN_NAME, SURNAME, MAIL, GROUPS));
        return Collections.unmodifiableSet(all);
    }
}
