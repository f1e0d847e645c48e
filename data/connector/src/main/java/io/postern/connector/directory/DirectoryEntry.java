package io.postern.connector.directory;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// One object as the service is told it.
///
/// @param id what never changes of it: objectGUID or entryUUID, as a UUID in lower case
/// @param deleted gone from the directory, or from what was asked for; then nothing else is known
/// @param attributes by the names that were asked for; an empty list: has none (any more)
/// @param members empty: nothing is said about them
public record DirectoryEntry(
        String id,
        Kind kind,
        String dn,
        boolean deleted,
        Map<String, List<String>> attributes,
        Optional<Members> members) {
    public enum Kind {
        USER,
        GROUP,
        OTHER;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// Of a group, by DN.
    ///
    /// @param complete those of `add`, and more of them in the entries that follow for the same group, are
    /// all it has
    /// @param piece WHOLE, or which one of the entries that tell all of a group
    public record Members(boolean complete, Piece piece, List<String> add, List<String> remove) {
        public enum Piece {
            WHOLE,
            FIRST,
            NEXT,
            LAST;

            public String word() {
                return name().toLowerCase(Locale.ROOT);
            }
        }

        static Members whole(List<String> all) {
            return new Members(true, Piece.WHOLE, all, List.of());
        }

        static Members change(List<String> add, List<String> remove) {
            return new Members(false, Piece.WHOLE, add, remove);
        }

        /// A service that knows no pieces takes the first as all, and adds the others.
        static Members first(List<String> some) {
            return new Members(true, Piece.FIRST, some, List.of());
        }

        static Members more(List<String> some, boolean last) {
            return new Members(false, last ? Piece.LAST : Piece.NEXT, some, List.of());
        }

        public Members {
            add = List.copyOf(add);
            remove = List.copyOf(remove);
        }
    }

    public DirectoryEntry {
        attributes = Collections.unmodifiableMap(new LinkedHashMap<>(attributes));
    }

    static DirectoryEntry gone(String id, Kind kind, String dn) {
        return new DirectoryEntry(id, kind, dn, true, Map.of(), Optional.empty());
    }

    DirectoryEntry with(Members those) {
        return new DirectoryEntry(id, kind, dn, deleted, attributes, Optional.of(those));
    }
}
