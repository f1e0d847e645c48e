package io.postern.admin.service;

import io.postern.domain.sync.DirectoryName;
import io.postern.store.SyncObject;
import io.postern.store.SyncStore;
import java.util.Locale;
import java.util.Optional;

/// Objects that change their place in another directory: groups know their members by name, and what lies below a
/// container has the container's name in its own.
final class SyncPlaces {
    private SyncPlaces() {}

    static Optional<DirectoryName> name(String text) {
        try {
            return Optional.of(DirectoryName.of(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /// @param before the object as it was kept
    /// @return how many objects moved with it
    static int moved(Change change, String source, SyncObject before, DirectoryName after) {
        SyncStore sync = change.stores().sync();
        sync.renameMember(change.tenant(), source, before.name(), after);
        int moved = 0;
        for (SyncObject below : sync.below(change.tenant(), source, before.name())) {
            String text = below.name().text();
            String key = below.name().key();
            // where its own text is written with other blanks, the key serves
            boolean sameEnd =
                    text.toLowerCase(Locale.ROOT).endsWith(before.name().text().toLowerCase(Locale.ROOT));
            String own = sameEnd
                    ? text.substring(0, text.length() - before.name().text().length())
                    : key.substring(0, key.length() - before.name().key().length());
            DirectoryName name = DirectoryName.of(own + after.text());
            sync.renameMember(change.tenant(), source, below.name(), name);
            sync.put(change.tenant(), source, below.withName(name));
            moved++;
        }
        return moved;
    }
}
