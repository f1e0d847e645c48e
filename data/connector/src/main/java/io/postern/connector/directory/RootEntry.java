package io.postern.connector.directory;

import com.unboundid.ldap.sdk.Entry;
import java.util.List;
import java.util.Optional;

/// What a server says about itself.
///
/// @param isActive Active Directory, or what behaves as one (Samba)
/// @param contexts the roots of its trees
/// @param home the root of the server's own domain; empty where there is none such
/// @param committedUsn the number of the last change; -1 where there is none
/// @param service the DN of this server's own settings; empty where it tells none
record RootEntry(boolean isActive, List<String> contexts, Optional<String> home, long committedUsn, String service) {
    static final String[] ATTRIBUTES = {
        "namingContexts", "defaultNamingContext", "supportedCapabilities", "highestCommittedUSN", "dsServiceName"
    };
    private static final String ACTIVE_DIRECTORY = "1.2.840.113556.1.4.800";

    RootEntry {
        contexts = List.copyOf(contexts);
    }

    static RootEntry of(Entry entry) {
        Long usn = entry.getAttributeValueAsLong("highestCommittedUSN");
        String service = entry.getAttributeValue("dsServiceName");
        return new RootEntry(
                entry.hasAttributeValue("supportedCapabilities", ACTIVE_DIRECTORY),
                entry.hasAttribute("namingContexts") ? List.of(entry.getAttributeValues("namingContexts")) : List.of(),
                Optional.ofNullable(entry.getAttributeValue("defaultNamingContext")),
                usn == null ? -1 : usn,
                service == null ? "" : service);
    }
}
