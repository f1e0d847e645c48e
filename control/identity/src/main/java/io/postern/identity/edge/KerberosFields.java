package io.postern.identity.edge;

import io.postern.domain.claims.Person;
import io.postern.domain.event.Cause;
import io.postern.domain.publish.BackendSignOn.Kerberos;
import io.postern.domain.publish.BackendSignOn.LoginIdentity;
import io.postern.domain.publish.BackendSignOn.Mechanism;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// What a connector needs to get a ticket as the user (3.2).
final class KerberosFields {
    private KerberosFields() {}

    /// @param name as the domain is to look for it
    /// @param identity by what it is to be found
    private record Login(String name, LoginIdentity identity) {}

    /// @throws SignOnFault when the user has no such name (13016)
    static SignOnFields of(Person person, Kerberos settings) throws SignOnFault {
        Login login = login(person, settings.identity());
        return SignOnFields.forConnector(
                "postern-sign-on",
                "kerberos user=" + encode(login.name())
                        + " identity=" + login.identity().text()
                        + " spn=" + encode(settings.servicePrincipalName())
                        + " mechanism=" + (settings.mechanism() == Mechanism.SPNEGO ? "spnego" : "krb5")
                        + " mutual=" + (settings.mutual() ? 1 : 0));
    }

    /// A guest has no account of his own in the domain, but perhaps a shadow account (KCD-6): one that is said here
    /// by `onPremises` attributes, or else one whose user principal name is the guest's.
    private static Login login(Person person, LoginIdentity identity) throws SignOnFault {
        boolean guest = person.kind() != Person.Kind.MEMBER;
        return switch (identity) {
            case USER_PRINCIPAL_NAME -> new Login(person.userPrincipalName(), identity);
            case USER_PRINCIPAL_USERNAME ->
                guest ? ofGuest(person) : new Login(before(person.userPrincipalName()), identity);
            case ON_PREMISES_USER_PRINCIPAL_NAME -> attribute(person, "onPremisesUserPrincipalName", identity, guest);
            case ON_PREMISES_USER_PRINCIPAL_USERNAME -> {
                Login whole = attribute(person, "onPremisesUserPrincipalName", identity, guest);
                yield whole.identity() == identity ? new Login(before(whole.name()), identity) : whole;
            }
            case ON_PREMISES_SAM_ACCOUNT_NAME -> attribute(person, "onPremisesSamAccountName", identity, guest);
        };
    }

    private static Login ofGuest(Person person) {
        return new Login(person.userPrincipalName(), LoginIdentity.USER_PRINCIPAL_NAME);
    }

    private static Login attribute(Person person, String name, LoginIdentity identity, boolean guest)
            throws SignOnFault {
        Optional<String> value = person.values(name).stream().findFirst();
        if (value.isEmpty() && guest) {
            return ofGuest(person);
        }
        return new Login(
                value.orElseThrow(() -> new SignOnFault(
                        Cause.SIGN_ON_NO_IDENTITY,
                        "the login identity is " + identity.text() + ", and user " + person.userPrincipalName()
                                + " has no " + name + "; set it, or choose another identity (13016)")),
                identity);
    }

    private static String before(String name) {
        int at = name.lastIndexOf('@');
        return at < 0 ? name : name.substring(0, at);
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
