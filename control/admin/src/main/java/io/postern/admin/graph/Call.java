package io.postern.admin.graph;

import io.postern.admin.service.Actor;
import io.postern.domain.TenantId;
import io.postern.domain.directory.Action;
import io.postern.web.Parameters;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import tools.jackson.databind.node.ObjectNode;

/// One call of the API, authenticated and authorised.
///
/// @param link URL of this call without its query, for links to further pages
/// @param path values of the route's `{name}` segments; the path alone names what is acted upon
/// @param json reads the body
/// @param picture reads a body that is a picture
/// @param raw reads a body that must not become text; whoever reads it wipes it
/// @param wantsResult a change is to be answered by what came of it (`Prefer: return=representation`, RFC 7240)
record Call(
        Caller caller,
        String link,
        Map<String, String> path,
        Parameters query,
        Supplier<ObjectNode> json,
        Supplier<byte[]> picture,
        Supplier<byte[]> raw,
        boolean wantsResult) {

    Actor actor() {
        return caller.actor();
    }

    /// For what a route does besides what it is for.
    ///
    /// @throws GraphFault 403
    void require(Action action) {
        if (!caller.may(action)) {
            throw GraphFault.mayNot(actor().name(), Set.of(action));
        }
    }

    TenantId tenant() {
        return caller.actor().tenant();
    }

    /// @param kind as in "there is no user 'x'"
    /// @throws GraphFault 404 for what cannot be an id
    <T> T id(String name, String kind, Function<String, T> parse) {
        String text = text(name);
        try {
            return parse.apply(text);
        } catch (IllegalArgumentException e) {
            throw GraphFault.of(404, "there is no " + kind + " '" + text + "'");
        }
    }

    String text(String name) {
        String value = path.get(name);
        if (value == null) {
            throw new IllegalStateException("the route has no {" + name + "}");
        }
        return value;
    }

    /// The body as a form whose unread properties are refused by [JsonForm#finish()].
    JsonForm form() {
        return new JsonForm(json.get());
    }
}
