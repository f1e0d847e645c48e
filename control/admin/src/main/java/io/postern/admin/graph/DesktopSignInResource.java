package io.postern.admin.graph;

import static io.postern.admin.graph.GraphFault.expectDone;

import io.postern.admin.graph.Route.Verb;
import io.postern.admin.service.DesktopSignIns;
import io.postern.admin.service.Edit;
import io.postern.domain.TenantId;
import io.postern.domain.directory.Action;
import io.postern.web.Json;
import java.util.Base64;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// `organization/{id}/desktopSignIn`: ours, the original has a script of PowerShell for it.
final class DesktopSignInResource {
    private final DesktopSignIns settings;

    DesktopSignInResource(DesktopSignIns settings) {
        this.settings = settings;
    }

    List<Route> routes() {
        String path = "/organization/{id}/desktopSignIn";
        return List.of(
                Route.get(Action.DIRECTORY_READ, path, this::get),
                Route.change(Action.TENANT_WRITE, Verb.PATCH, path, this::patch),
                Route.change(Action.TENANT_WRITE, Verb.DELETE, path, this::delete));
    }

    private Reply get(Call call) {
        return Reply.ok(shape(expectDone(settings.find(tenant(call)))));
    }

    private Reply patch(Call call) {
        JsonForm form = call.form();
        Edit<Boolean> enabled = form.flag("isEnabled");
        Edit<String> suffix = form.text("userNameSuffix");
        Edit<List<String>> networks = form.texts("networks");
        Edit<byte[]> keytab = form.parsed("keytab", DesktopSignInResource::bytes);
        form.finish();
        DesktopSignIns.Shown set = expectDone(
                settings.set(call.actor(), tenant(call), new DesktopSignIns.Draft(enabled, suffix, networks, keytab)));
        return call.wantsResult() ? Reply.ok(shape(set)) : Reply.NO_CONTENT;
    }

    private Reply delete(Call call) {
        expectDone(settings.delete(call.actor(), tenant(call)));
        return Reply.NO_CONTENT;
    }

    /// Another tenant's is not there for the caller.
    private static TenantId tenant(Call call) {
        TenantId id = call.id("id", "tenant", TenantId::new);
        if (!id.equals(call.tenant())) {
            throw GraphFault.of(404, "there is no tenant '" + id + "'");
        }
        return id;
    }

    private static byte[] bytes(String text) {
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("it is not base64 (RFC 4648)", e);
        }
    }

    private static ObjectNode shape(DesktopSignIns.Shown shown) {
        ObjectNode json = Json.MAPPER.createObjectNode();
        json.put("isEnabled", shown.settings().enabled());
        json.put("principal", shown.settings().principal());
        json.put("userNameSuffix", shown.settings().suffix());
        shown.settings().networks().forEach(json.putArray("networks")::add);
        shown.keyVersions().forEach(json.putArray("keyVersions")::add);
        return json;
    }
}
