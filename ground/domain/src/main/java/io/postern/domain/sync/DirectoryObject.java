package io.postern.domain.sync;

import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// An object of another directory as a connector has read it.
///
/// @param anchor what never changes of it: objectGUID, or entryUUID
/// @param deleted nothing else but the anchor counts then
/// @param attributes by name in lower case; in a change an empty list means that the attribute is gone
/// @param members of a group; empty: nothing was said about them
public record DirectoryObject(
        String anchor,
        Kind kind,
        Optional<DirectoryName> name,
        boolean deleted,
        Map<String, List<String>> attributes,
        Optional<Members> members) {
    /// What the directory has.
    public enum Kind {
        USER,
        GROUP,
        /// A container, whose new name is that of all below it.
        OTHER
    }

    /// @param complete `add` is all there are; else what came and what went
    /// @param piece WHOLE, or which piece it is of a list that is too long for one entry; the pieces of one
    /// list follow
    ///     each other
    public record Members(boolean complete, Piece piece, List<DirectoryName> add, List<DirectoryName> remove) {
        public enum Piece {
            WHOLE,
            FIRST,
            NEXT,
            LAST
        }

        public Members {
            add = List.copyOf(add);
            remove = List.copyOf(remove);
        }
    }

    public DirectoryObject {
        var folded = new TreeMap<String, List<String>>();
        attributes.forEach((attribute, values) -> folded.put(attribute.toLowerCase(Locale.ROOT), List.copyOf(values)));
        attributes = Collections.unmodifiableMap(folded);
    }

    /// What the object has after this change.
    ///
    /// @param before empty where everything was read
    public Map<String, List<String>> after(Map<String, List<String>> before) {
        var all = new TreeMap<>(before);
        all.putAll(attributes);
        all.values().removeIf(List::isEmpty);
        return Collections.unmodifiableMap(all);
    }
}
