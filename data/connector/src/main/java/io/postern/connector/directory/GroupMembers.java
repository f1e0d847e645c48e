package io.postern.connector.directory;

import com.unboundid.ldap.sdk.Attribute;
import com.unboundid.ldap.sdk.Entry;
import com.unboundid.ldap.sdk.SearchResultEntry;
import io.postern.connector.directory.DirectoryEntry.Members;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Tells a group with all its members, in pieces: the largest group takes no more memory than one piece.
/// Active Directory gives ranges of a list, others give all of it at once.
final class GroupMembers {
    /// With the group itself; many have no more.
    private static final int FIRST = 200;

    /// In one entry, and by one further question; Active Directory gives out no more than 1500.
    private static final int PIECE = 1500;

    private static final Pattern RANGE = Pattern.compile("range=(\\d+)-(\\d+|\\*)", Pattern.CASE_INSENSITIVE);

    private final DirectoryConnection connection;
    private final boolean isActive;

    GroupMembers(DirectoryConnection connection) {
        this.connection = connection;
        this.isActive = connection.root().isActive();
    }

    /// What to ask for with a group.
    String[] attributes() {
        return isActive ? new String[] {range(0, FIRST)} : new String[] {"member", "uniqueMember"};
    }

    /// @param found with [#attributes()]
    void tell(SearchResultEntry found, DirectoryEntry group, DirectorySink sink) {
        if (isActive) {
            tellRanges(found, group, sink);
            return;
        }
        var all = new ArrayList<String>();
        for (String name : attributes()) {
            if (found.hasAttribute(name)) {
                all.addAll(Arrays.asList(found.getAttributeValues(name)));
            }
        }
        sink.take(group.with(new Members(true, all.subList(0, Math.min(PIECE, all.size())), List.of())));
        for (int i = PIECE; i < all.size(); i += PIECE) {
            List<String> piece = all.subList(i, Math.min(i + PIECE, all.size()));
            sink.take(group.with(new Members(false, piece, List.of())));
        }
    }

    private void tellRanges(SearchResultEntry found, DirectoryEntry group, DirectorySink sink) {
        Optional<Piece> piece = piece(found);
        sink.take(group.with(new Members(true, piece.map(Piece::members).orElse(List.of()), List.of())));
        while (piece.isPresent() && piece.get().next() > 0) {
            String range = range(piece.get().next(), PIECE);
            piece = connection
                    .entry("reading the members of '" + group.dn() + "'", "<GUID=" + group.id() + ">", new String[] {
                        range
                    })
                    .flatMap(GroupMembers::piece);
            piece.ifPresent(more -> sink.take(group.with(new Members(false, more.members(), List.of()))));
        }
    }

    /// @param next where the next piece begins; 0: this was the last
    private record Piece(List<String> members, int next) {}

    private static Optional<Piece> piece(Entry entry) {
        for (Attribute attribute : entry.getAttributes()) {
            if (attribute.getBaseName().equalsIgnoreCase("member") && attribute.size() > 0) {
                int next = 0;
                for (String option : attribute.getOptions()) {
                    Matcher range = RANGE.matcher(option);
                    if (range.matches() && !range.group(2).equals("*")) {
                        next = Integer.parseInt(range.group(2)) + 1;
                    }
                }
                return Optional.of(new Piece(List.of(attribute.getValues()), next));
            }
        }
        return Optional.empty();
    }

    private static String range(int from, int count) {
        return "member;range=" + from + "-" + (from + count - 1);
    }
}
