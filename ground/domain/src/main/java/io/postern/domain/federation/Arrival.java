package io.postern.domain.federation;

import io.postern.domain.UserId;
import io.postern.domain.federation.IdentityProvider.Newcomers;
import io.postern.domain.guest.ExternalName;
import java.util.Locale;
import java.util.Optional;

/// Which account somebody has who comes from an upstream (FED-1). Pure: looks nothing up.
///
/// The link of provider and subject decides first. A name decides only where the provider speaks for its
/// domain, and never for an account that administers anything: otherwise whoever runs an upstream, or can write
/// a name into it, could become anybody here.
public sealed interface Arrival {
    /// Linked before.
    record Known(UserId user) implements Arrival {}

    /// An account of this name has no link to the provider yet; it gets one.
    record Link(UserId user) implements Arrival {}

    /// Nobody yet.
    ///
    /// @param userPrincipalName lower case
    record Newcomer(String userPrincipalName, boolean guest) implements Arrival {}

    record Refused(Reason reason) implements Arrival {}

    enum Reason {
        /// Nobody knows him, and the provider brings nobody new.
        UNKNOWN,
        /// The account is an administrator's, who links it himself.
        ADMINISTRATOR,
        /// The account of this name is linked to another person of the same provider.
        OTHER_PERSON,
        /// The name is somebody else's here.
        NAME_TAKEN
    }

    /// An account that has the name in question.
    ///
    /// @param here in the provider's tenant
    /// @param linked to the same provider, under whatever subject
    record Namesake(UserId user, boolean here, boolean administrator, boolean linked) {}

    /// An account that this person is linked to.
    ///
    /// @param byName because of its name, not by its owner's will nor since it was made for him
    record Linked(UserId user, boolean byName, boolean administrator) {}

    /// Whose name must be looked up for [#decide].
    ///
    /// @param home domain of the tenant, for names that the provider may not give
    static String name(IdentityProvider provider, Stated stated, String home) {
        Optional<String> own = ownName(provider, stated);
        return own.orElseGet(() -> foreignName(stated, home));
    }

    /// The name by which somebody may have been invited here: one that is the provider's to give.
    static Optional<String> invitedName(IdentityProvider provider, Stated stated) {
        return ownName(provider, stated);
    }

    /// @param link of this provider and subject
    /// @param invited the guest who was invited by the name of [#invitedName]
    /// @param namesake who has the name of [#name]
    static Arrival decide(
            IdentityProvider provider,
            Stated stated,
            String home,
            Optional<Linked> link,
            Optional<Namesake> invited,
            Optional<Namesake> namesake) {
        if (link.isPresent()) {
            // he became one since: what would not have been linked does not count
            return link.get().byName() && link.get().administrator()
                    ? new Refused(Reason.ADMINISTRATOR)
                    : new Known(link.get().user());
        }
        if (invited.isPresent()) {
            return existing(invited.get());
        }
        boolean own = ownName(provider, stated).isPresent();
        if (namesake.isPresent()) {
            return own && namesake.get().here() ? existing(namesake.get()) : new Refused(Reason.NAME_TAKEN);
        }
        return provider.newcomers() == Newcomers.REFUSED
                ? new Refused(Reason.UNKNOWN)
                : new Newcomer(name(provider, stated, home), provider.newcomers() == Newcomers.GUESTS);
    }

    private static Arrival existing(Namesake namesake) {
        if (namesake.administrator()) {
            return new Refused(Reason.ADMINISTRATOR);
        }
        return namesake.linked() ? new Refused(Reason.OTHER_PERSON) : new Link(namesake.user());
    }

    private static Optional<String> ownName(IdentityProvider provider, Stated stated) {
        return stated.userPrincipalName()
                .map(name -> name.strip().toLowerCase(Locale.ROOT))
                .filter(name -> name.indexOf('@') > 0 && name.indexOf('@') == name.lastIndexOf('@'))
                .filter(name -> provider.speaksFor(IdentityProvider.domainOf(name)));
    }

    /// `alice_partner.example#ext#@contoso.example`.
    private static String foreignName(Stated stated, String home) {
        return ExternalName.of(stated.userPrincipalName().or(stated::mail).orElse(""), stated.subject(), home);
    }
}
