package io.postern.domain.claims;

import io.postern.domain.claims.Operand.Scope;
import java.util.Optional;

/// How the application names its users.
///
/// @param format empty for the default: what the request asks for, else an e-mail address
/// @param rows empty for the default: the user principal name, where a pairwise identifier is not asked for
public record NameIdRule(Optional<NameIdFormat> format, Optional<Rows> rows) {
    public static final NameIdRule DEFAULT = new NameIdRule(Optional.empty(), Optional.empty());

    public NameIdRule {
        if (format.filter(f -> f == NameIdFormat.TRANSIENT).isPresent()) {
            throw new ClaimsFault(
                    "format", "transient cannot be set: an application asks for it in its request, or uses persistent");
        }
    }

    /// What the request asks for comes before what is set here. A source that yields nothing makes room for the
    /// pairwise persistent identifier: an assertion never lacks its subject.
    ///
    /// @param random for a transient identifier
    NameId evaluate(Scope scope, Optional<NameIdFormat> requested, String random) {
        NameIdFormat wanted = requested.or(() -> format).orElse(NameIdFormat.EMAIL_ADDRESS);
        if (wanted == NameIdFormat.TRANSIENT) {
            return new NameId(NameIdFormat.TRANSIENT, random);
        }
        Optional<String> value = rows.isPresent()
                ? rows.get().choose(scope.person()).flatMap(source -> source.value(scope))
                : byDefault(scope, wanted, requested.isPresent());
        return value.map(text -> new NameId(wanted, text))
                .orElseGet(() -> new NameId(NameIdFormat.PERSISTENT, scope.pairwise()));
    }

    private static Optional<String> byDefault(Scope scope, NameIdFormat wanted, boolean requested) {
        Optional<String> name = Optional.of(scope.person().userPrincipalName());
        return switch (wanted) {
            case PERSISTENT, TRANSIENT -> Optional.of(scope.pairwise());
            case UNSPECIFIED -> requested ? Optional.of(scope.pairwise()) : name;
            case EMAIL_ADDRESS -> name;
            case WINDOWS_DOMAIN_QUALIFIED_NAME -> scope.person().windowsName();
        };
    }
}
