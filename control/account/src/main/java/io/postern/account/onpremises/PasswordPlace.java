package io.postern.account.onpremises;

import io.postern.domain.ConnectorGroupId;
import io.postern.domain.TenantId;
import io.postern.domain.sync.PasswordCheck;
import io.postern.store.Stores;
import io.postern.store.SyncSource;
import io.postern.store.SyncStore;
import io.postern.store.User;
import java.util.Optional;

/// Where a user's password is checked, if not here.
///
/// @param directory what the connectors of the group call it
/// @param object the user there, by what never changes
/// @param rules of the directory's source
public record PasswordPlace(
        TenantId tenant, ConnectorGroupId group, String directory, String object, PasswordCheck rules) {
    /// Said wherever somebody would set a password here.
    public static final String REFUSAL =
            "passwords of this user are checked and changed in his directory on premises, not here";

    /// Empty for a user whose password is checked here.
    public static Optional<PasswordPlace> of(Stores stores, User user) {
        if (!user.attributes().isSynchronised()) {
            return Optional.empty(); // most users: no look at the directories
        }
        return stores.sync().ofTarget(user.tenant(), user.id().value()).flatMap(owner -> of(stores, user, owner));
    }

    private static Optional<PasswordPlace> of(Stores stores, User user, SyncStore.OfSource owner) {
        return stores.sync()
                .find(user.tenant(), owner.source())
                .filter(source -> source.settings().passwordCheck().onPremises())
                .map(source -> of(source, owner.object().anchor()));
    }

    private static PasswordPlace of(SyncSource source, String object) {
        return new PasswordPlace(
                source.tenant(),
                source.group(),
                source.directory(),
                object,
                source.settings().passwordCheck());
    }
}
