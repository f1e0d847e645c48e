package io.postern.admin.service;

import io.postern.admin.service.BackendSignOnTest.OfConnector;
import io.postern.admin.service.BackendSignOnTest.Step;
import io.postern.admin.service.ConnectorQuestions.Answer;
import io.postern.admin.service.ConnectorQuestions.Present;
import io.postern.admin.service.ConnectorQuestions.Question;
import io.postern.domain.ConnectorGroupId;
import io.postern.domain.TenantId;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// What connectors say, step by step, of a sign-on that each of them tries.
record ConnectorLadders(ConnectorQuestions questions) {
    /// Waits for all; they try at the same time.
    ///
    /// @param byHand what to run on the connector's own machine when it does not answer
    List<OfConnector> ask(
            TenantId tenant, ConnectorGroupId group, List<Present> present, Question question, String byHand) {
        List<Future<OfConnector>> asked;
        try (ExecutorService crowd = Executors.newVirtualThreadPerTaskExecutor()) {
            asked = present.stream()
                    .map(one -> crowd.submit(() -> new OfConnector(
                            one,
                            steps(questions.ask(tenant, group, Optional.of(one.id()), question), question, byHand))))
                    .toList();
        } // waits for all
        return asked.stream().map(Future::resultNow).toList();
    }

    private static List<Step> steps(Answer answer, Question question, String byHand) {
        return switch (answer) {
            case Answer.Said said ->
                said.body().has("error")
                        ? failed("it says: " + said.body().path("error").asString(), "see its log")
                        : said.body()
                                .path("steps")
                                .valueStream()
                                .map(step -> new Step(
                                        step.path("name").asString(),
                                        step.path("result").asString(),
                                        step.path("detail").asString(),
                                        step.path("remedy").asString("")))
                                .toList();
            case Answer.Nobody _ -> failed("it went away", "look whether it runs: postern connector list");
            case Answer.Silent _ ->
                failed("no answer within " + question.limit().toSeconds() + " s", byHand);
            case Answer.Busy _ -> failed("too many tests are under way", "try again in a moment");
        };
    }

    private static List<Step> failed(String detail, String remedy) {
        return List.of(new Step("connector", "failed", detail, remedy));
    }
}
