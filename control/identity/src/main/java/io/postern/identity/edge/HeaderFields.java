package io.postern.identity.edge;

import io.postern.domain.claims.Person;
import io.postern.domain.event.Cause;
import io.postern.domain.publish.BackendSignOn.Headers;
import io.postern.domain.publish.SignOnHeader;
import io.postern.domain.publish.SignOnHeader.Said;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// What a backend is told of the user in request fields (3.3).
final class HeaderFields {
    private HeaderFields() {}

    /// @throws SignOnFault when a value is missing that must be there, or does not fit
    static SignOnFields of(Person person, String pairwise, Headers settings) throws SignOnFault {
        List<Said> said = settings.said(person, pairwise);
        var fields = new ArrayList<SignOnFields.Field>();
        for (int i = 0; i < said.size(); i++) {
            SignOnHeader header = settings.headers().get(i);
            String value = switch (said.get(i)) {
                case Said.Value(String text) -> text;
                case Said.Nothing() -> nothing(person, header);
                case Said.Unfit(String why) ->
                    throw new SignOnFault(Cause.SIGN_ON_UNSAYABLE, "user " + person.userPrincipalName() + ": " + why);
            };
            fields.add(new SignOnFields.Field(header.name(), value, header.path()));
        }
        return new SignOnFields(SignOnFields.VALID, fields, Map.of());
    }

    /// The gateway sends no empty field, but knows by it that nothing is said here, though it is for the folder
    /// above.
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
}
