package io.postern.identity.edge;

import io.postern.domain.claims.Person;
import io.postern.domain.event.Cause;
import io.postern.domain.publish.BackendSignOn.Headers;
import io.postern.domain.publish.SignOnHeader;
import io.postern.domain.publish.SignOnHeader.Said;
import java.util.ArrayList;
import java.util.Map;

/// What a backend is told of the user in request fields (3.3).
final class HeaderFields {
    /// Of all of them together, names included: servers refuse requests with more than 16 to 64 KiB of fields, and the
    /// client's own come to it.
    private static final int TOTAL_MAX = 16 * 1024;

    private HeaderFields() {}

    /// @throws SignOnFault when a value is missing that must be there, or does not fit
    static SignOnFields of(Person person, String pairwise, Headers settings) throws SignOnFault {
        var fields = new ArrayList<SignOnFields.Field>();
        int total = 0;
        for (SignOnHeader header : settings.headers()) {
            String value =
                    switch (header.said(person, pairwise)) {
                        case Said.Value(String text) -> text;
                        case Said.Nothing() -> nothing(person, header);
                        case Said.Unfit(String why) -> throw unsayable(person, why);
                    };
            fields.add(new SignOnFields.Field(header.name(), value, header.path()));
            total += header.name().length() + value.length();
        }
        if (total > TOTAL_MAX) {
            throw unsayable(
                    person,
                    "the headers would have " + total + " characters together, and " + TOTAL_MAX
                            + " are possible; filter groups, or leave headers out");
        }
        return new SignOnFields(SignOnFields.VALID, fields, Map.of());
    }

    /// The gateway sends no empty field, but knows by it that nothing is said here, though it is for the folder above.
    private static String nothing(Person person, SignOnHeader header) throws SignOnFault {
        if (header.required()) {
            throw new SignOnFault(
                    Cause.SIGN_ON_NO_IDENTITY,
                    "header '" + header.name() + "' is required, and user " + person.userPrincipalName()
                            + " has nothing for it; fill the attribute that it takes its value from, or make it not"
                            + " required");
        }
        return "";
    }

    private static SignOnFault unsayable(Person person, String why) {
        return new SignOnFault(Cause.SIGN_ON_UNSAYABLE, "user " + person.userPrincipalName() + ": " + why);
    }
}
