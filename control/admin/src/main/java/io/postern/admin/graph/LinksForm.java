package io.postern.admin.graph;

import io.postern.admin.service.Edit;
import io.postern.domain.publish.LinkTranslation;
import io.postern.domain.publish.LinkTranslation.Extra;
import io.postern.domain.publish.PublishingSettings;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.function.UnaryOperator;
import tools.jackson.databind.node.ObjectNode;

/// Reads and writes what is translated in bodies (1.10): the original's one switch, and ours beyond it.
final class LinksForm {
    private static final Map<Extra, String> NAMES = new EnumMap<>(Map.of(
            Extra.SCRIPTS, "isScriptTextTranslated",
            Extra.JSON, "isJsonTranslated",
            Extra.SRCSET, "isSrcsetTranslated",
            Extra.XML, "isXmlTranslated",
            Extra.POLICIES, "isPolicyHeaderTranslated",
            Extra.PERCENT_ENCODED, "isPercentEncodedUrlTranslated"));

    private LinksForm() {}

    static UnaryOperator<PublishingSettings> read(JsonForm form) {
        Edit<Boolean> enabled = form.flag("isTranslateLinksInBodyEnabled");
        var asked = new EnumMap<Extra, Edit<Boolean>>(Extra.class);
        form.object("linkTranslation")
                .ifPresent(extras -> NAMES.forEach((extra, name) -> asked.put(extra, extras.flag(name))));
        return settings -> {
            var extras = EnumSet.noneOf(Extra.class);
            for (Extra extra : Extra.values()) {
                if (asked.getOrDefault(extra, Edit.none())
                        .or(settings.links().extras().contains(extra))) {
                    extras.add(extra);
                }
            }
            return settings.with(new LinkTranslation(enabled.or(settings.links().enabled()), extras));
        };
    }

    static void write(LinkTranslation links, ObjectNode json) {
        json.put("isTranslateLinksInBodyEnabled", links.enabled());
        ObjectNode extras = json.putObject("linkTranslation");
        for (Extra extra : Extra.values()) {
            extras.put(NAMES.get(extra), links.extras().contains(extra));
        }
    }
}
