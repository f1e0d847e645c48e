package io.postern.admin.graph;

import io.postern.admin.service.Edit;
import io.postern.admin.service.PublishingDraft.SegmentDraft;
import io.postern.domain.publish.CorsRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Reads `segmentsConfiguration` of complex applications (1.7).
final class SegmentsForm {
    private SegmentsForm() {}

    static Edit<List<SegmentDraft>> read(JsonForm form) {
        if (form.has("segmentsConfiguration") && form.isNull("segmentsConfiguration")) {
            return Edit.to(List.of());
        }
        Optional<JsonForm> configuration = form.object("segmentsConfiguration");
        return configuration.isEmpty()
                ? Edit.none()
                : configuration
                        .get()
                        .objects("applicationSegments")
                        .map(segments ->
                                segments.stream().map(SegmentsForm::segment).toList());
    }

    private static SegmentDraft segment(JsonForm form) {
        form.text("id");
        var rules = new ArrayList<CorsRule>();
        for (JsonForm rule : form.objects("corsConfigurations").or(List.of())) {
            rule(rule).ifPresent(rules::add);
        }
        return new SegmentDraft(
                form.text("externalUrl").or(""),
                form.text("internalUrl").or(""),
                form.clearable("alternateUrl"),
                rules);
    }

    private static Optional<CorsRule> rule(JsonForm form) {
        form.text("id");
        try {
            return Optional.of(new CorsRule(
                    form.text("resource").or("/"),
                    form.oneOrMore("allowedOrigins").or(List.of()),
                    form.oneOrMore("allowedHeaders").or(List.of()).stream()
                            .map(name -> name.toLowerCase(Locale.ROOT))
                            .toList(),
                    form.oneOrMore("allowedMethods").or(List.of()),
                    form.number("maxAgeInSeconds").or(0)));
        } catch (IllegalArgumentException e) {
            form.fault("resource", String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }
}
