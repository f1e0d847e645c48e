package io.postern.connector.directory;

import com.unboundid.ldap.sdk.Attribute;
import com.unboundid.ldap.sdk.Entry;
import com.unboundid.ldap.sdk.SearchResultEntry;
import io.postern.connector.directory.DirectoryEntry.Members;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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
        if (all.size() <= PIECE) {
            sink.take(group.with(Members.whole(all)));
            return;
        }
        sink.take(group.with(Members.first(all.subList(0, PIECE))));
        for (int i = PIECE; i < all.size(); i += PIECE) {
            int end = Math.min(i + PIECE, all.size());
            sink.take(group.with(Members.more(all.subList(i, end), end == all.size())));
        }
    }

    private void tellRanges(SearchResultEntry found, DirectoryEntry group, DirectorySink sink) {
        Piece piece = piece(found);
        if (piece.next() == 0) {
            sink.take(group.with(Members.whole(piece.members())));
            return;
        }
        sink.take(group.with(Members.first(piece.members())));
        while (piece.next() > 0) {
            String range = range(piece.next(), PIECE);
            piece = connection
                    .entry("reading the members of '" + group.dn() + "'", "<GUID=" + group.id() + ">", new String[] {
                        range
                    })
                    .map(GroupMembers::piece)
                    .orElse(Piece.NONE); // members have gone meanwhile
            sink.take(group.with(Members.more(piece.members(), piece.next() == 0)));
        }
    }

    /// @param next where the next piece begins; 0: this was the last
    private record Piece(List<String> members, int next) {
        static final Piece NONE = new Piece(List.of(), 0);
    }

    private static Piece piece(Entry entry) {
        for (Attribute attribute : entry.getAttributes()) {
            if (attribute.getBaseName().equalsIgnoreCase("member") && attribute.size() > 0) {
                int next = 0;
                for (String option : attribute.getOptions()) {
                    Matcher range = RANGE.matcher(option);
                    if (range.matches() && !range.group(2).equals("*")) {
                        next = Integer.parseInt(range.group(2)) + 1;
                    }
                }
                return new Piece(List.of(attribute.getValues()), next);
            }
        }
        return Piece.NONE;
    }

    private static String range(int from, int count) {
        return "member;range=" + from + "-" + (from + count - 1);
    }
}
