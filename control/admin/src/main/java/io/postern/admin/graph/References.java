package io.postern.admin.graph;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.function.Function;

/// Reads `{"@odata.id": ".../collection/{id}"}`.
final class References {
    static final List<String> USERS = List.of("users", "directoryObjects");
    static final List<String> MEMBERS = List.of("directoryObjects", "users", "groups");
    static final List<String> CONNECTOR_GROUPS = List.of("connectorGroups");

    static final List<String> CLAIMS_POLICIES = List.of("claimsMappingPolicies");

    private References() {}

    /// @param collections the segments that may stand before the id
    /// @throws GraphFault 400
    static <T> T read(JsonForm form, List<String> collections, Function<String, T> parse) {
        String url = form.text("@odata.id").or("");
        form.finish();
        try {
            String path = new URI(url).getPath();
            String[] segments = path == null ? new String[0] : path.split("/", -1);
            if (segments.length >= 2 && collections.contains(segments[segments.length - 2])) {
                return parse.apply(segments[segments.length - 1]);
            }
        } catch (URISyntaxException | IllegalArgumentException e) {
            throw fault(url, collections);
        }
        throw fault(url, collections);
    }

    private static GraphFault fault(String url, List<String> collections) {
        return GraphFault.invalid(
                "@odata.id",
                "@odata.id '" + url + "' must be a URL that ends with /" + collections.getFirst() + "/{id}");
    }
}
