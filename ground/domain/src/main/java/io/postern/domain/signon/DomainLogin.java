package io.postern.domain.signon;

import io.postern.domain.claims.Person;
import io.postern.domain.publish.BackendSignOn.LoginIdentity;
import java.util.Optional;

/// By what name a domain on premises is asked for a user (3.2).
///
/// @param name in the spelling that we know
/// @param identity by what the domain is to find him; another one than was wanted for a guest
public record DomainLogin(String name, LoginIdentity identity) {
    /// A guest has no account of his own in the domain, but perhaps a shadow account (KCD-6): one that is said here
    /// by `onPremises` attributes, or else one whose user principal name is the guest's.
    ///
    /// @return empty when a member has no such name (13016)
    public static Optional<DomainLogin> of(Person person, LoginIdentity wanted) {
        Optional<DomainLogin> found = switch (wanted) {
            case USER_PRINCIPAL_NAME -> Optional.of(new DomainLogin(person.userPrincipalName(), wanted));
            case USER_PRINCIPAL_USERNAME ->
                isGuest(person)
                        ? Optional.empty()
                        : Optional.of(new DomainLogin(before(person.userPrincipalName()), wanted));
            case ON_PREMISES_USER_PRINCIPAL_NAME, ON_PREMISES_SAM_ACCOUNT_NAME ->
                attribute(person, wanted).map(name -> new DomainLogin(name, wanted));
            case ON_PREMISES_USER_PRINCIPAL_USERNAME ->
                attribute(person, wanted).map(name -> new DomainLogin(before(name), wanted));
        };
        return found.or(() -> isGuest(person)
                ? Optional.of(new DomainLogin(person.userPrincipalName(), LoginIdentity.USER_PRINCIPAL_NAME))
                : Optional.empty());
    }

    /// The sentence for a user without such a name.
    public static String missing(String userPrincipalName, LoginIdentity wanted) {
        return "the login identity is " + wanted.text() + ", and user " + userPrincipalName + " has no "
                + attributeOf(wanted) + "; set it, or choose another identity (13016)";
    }

    private static String attributeOf(LoginIdentity identity) {
        return switch (identity) {
            case USER_PRINCIPAL_NAME, USER_PRINCIPAL_USERNAME -> "userPrincipalName";
            case ON_PREMISES_USER_PRINCIPAL_NAME, ON_PREMISES_USER_PRINCIPAL_USERNAME -> "onPremisesUserPrincipalName";
            case ON_PREMISES_SAM_ACCOUNT_NAME -> "onPremisesSamAccountName";
        };
    }

    private static boolean isGuest(Person person) {
        return person.kind() != Person.Kind.MEMBER;
    }

    private static Optional<String> attribute(Person person, LoginIdentity identity) {
        return person.values(attributeOf(identity)).stream().findFirst();
    }

    private static String before(String name) {
        int at = name.lastIndexOf('@');
        return at < 0 ? name : name.substring(0, at);
    }
}
