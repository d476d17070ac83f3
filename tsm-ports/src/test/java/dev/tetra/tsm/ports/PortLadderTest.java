package dev.tetra.tsm.ports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tetra.tsm.ports.spi.PortRung;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PortLadderTest {

    private static final PortPatterns OWN = PortPatterns.of(List.of(
            new PortPattern("told", "^told", 9000, "{cmd} --listen {port}"),
            new PortPattern("plain", "^plain", 9001, "{cmd}"),
            new PortPattern("sock", "^sock", 0, "{cmd} --control")));
    private static final PortLadder LADDER =
            PortLadder.standard(OWN, PortRange.DEFAULT, AllocationPolicy.WHEN_COMMAND_TAKES_PORT);
    private static final PortLadder BUILT_IN =
            PortLadder.standard(PortPatterns.builtIn(), PortRange.DEFAULT, AllocationPolicy.WHEN_COMMAND_TAKES_PORT);
    private static final FakeUse FREE = FakeUse.allFree();

    private static PortRequest request(String command) {
        return PortRequest.of("web", Words.split(command));
    }

    private static RungAnswer.Refused refused(PortResolution resolution) {
        assertThat(resolution.answer()).isInstanceOf(RungAnswer.Refused.class);
        assertThat(resolution.port()).isEmpty();
        return (RungAnswer.Refused) resolution.answer();
    }

    private static RungAnswer answerOf(PortResolution resolution, String rung) {
        return resolution.trace().stream()
                .filter(step -> step.rung().equals(rung))
                .map(PortResolution.Step::answer)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void theStandardRungsAreTheGuides() {
        assertThat(LADDER.rungs())
                .extracting(PortRung::name)
                .containsExactly("--port", "env file", "patterns", "command", "allocate", "none");
    }

    @Test
    void theTraceSaysForEachRungWhatItFoundOrWhyNot() {
        PortResolution resolution = LADDER.resolve(request("server --port 8080"), FREE);
        assertThat(resolution.trace())
                .containsExactly(
                        new PortResolution.Step("--port", new RungAnswer.Passed("no --port given")),
                        new PortResolution.Step("env file", new RungAnswer.Passed("no env file")),
                        new PortResolution.Step("patterns", new RungAnswer.Passed("no pattern matches")),
                        new PortResolution.Step("command", resolution.answer()),
                        new PortResolution.Step("allocate", new RungAnswer.Passed("not reached: command answered")),
                        new PortResolution.Step("none", new RungAnswer.Passed("not reached: command answered")));
        assertThat(resolution.answer().why()).isEqualTo("--port 8080 in the command");
    }

    // The first rung.

    @Test
    void theFlagComesBeforeAllElse() {
        PortRequest request =
                request("told").withFlag(new PortSpec.Exact(7000)).withEnvironment("a.env", Map.of("PORT", "7001"));
        assertThat(LADDER.resolve(request, FREE).port()).hasValue(7000);
    }

    @Test
    void aBusyFlagIsRefusedInsideTheRangeAndOutside() {
        for (int port : new int[] {8080, 80, 65535}) {
            RungAnswer.Refused refused = refused(LADDER.resolve(
                    request("x").withFlag(new PortSpec.Exact(port)),
                    FakeUse.allFree().held(port)));
            assertThat(refused.holder().orElseThrow().pid()).hasValue(4711);
            assertThat(refused.why())
                    .startsWith("port " + port + " is held by pid 4711 (nginx: master); stop it, or start with ");
        }
    }

    @Test
    void aBusyFlagIsRefusedWithAWayOut() {
        PortRequest request = request("x").withFlag(new PortSpec.Exact(8080));
        assertThat(refused(LADDER.resolve(request, FakeUse.allFree().held(8080)))
                        .why())
                .isEqualTo("port 8080 is held by pid 4711 (nginx: master); stop it, or start with --port 8080+");
    }

    @Test
    void upwardTakesTheFirstFreePortEvenBeyondTheRange() {
        PortRequest request = request("x").withFlag(new PortSpec.AtLeast(8998));
        assertThat(LADDER.resolve(request, FREE).port()).hasValue(8998);
        assertThat(LADDER.resolve(request, FakeUse.allFree().held(8998, 9005)).port())
                .hasValue(9006);
    }

    @Test
    void upwardStopsAtTheLastPort() {
        PortRequest request = request("x").withFlag(new PortSpec.AtLeast(65534));
        assertThat(LADDER.resolve(request, FakeUse.allFree().held(65534)).port())
                .hasValue(65535);
        assertThat(refused(LADDER.resolve(request, FakeUse.allFree().held(65534, 65535)))
                        .why())
                .isEqualTo("no port is free from 65534 to 65535; start with a lower --port N+");
    }

    @Test
    void noneIsNoPortWhateverTheCommand() {
        PortResolution resolution = LADDER.resolve(request("told $PORT").withFlag(new PortSpec.None()), FREE);
        assertThat(resolution.port()).isEmpty();
        assertThat(resolution.serviceType()).isEqualTo(ServiceType.PID);
        assertThat(resolution.command()).containsExactly("told", "$PORT");
    }

    @Test
    void theProgramIsToldWhatTheFlagSays() {
        PortResolution resolution =
                BUILT_IN.resolve(request("python3 -m http.server").withFlag(new PortSpec.Exact(9000)), FREE);
        assertThat(resolution.command()).containsExactly("python3", "-m", "http.server", "9000");
    }

    @Test
    void aPortInTheCommandIsKeptAndTheDifferenceIsSaid() {
        PortResolution resolution =
                BUILT_IN.resolve(request("python3 -m http.server 8123").withFlag(new PortSpec.Exact(9000)), FREE);
        assertThat(resolution.command()).containsExactly("python3", "-m", "http.server", "8123");
        assertThat(resolution.answer().why()).isEqualTo("--port 9000; the command's own 8123 stays as it is");
        PortResolution same =
                BUILT_IN.resolve(request("python3 -m http.server 8123").withFlag(new PortSpec.Exact(8123)), FREE);
        assertThat(same.answer().why()).isEqualTo("--port 8123");
    }

    @Test
    void aSocketServiceGetsThePortThatTheFlagSays() {
        PortResolution resolution = LADDER.resolve(request("sock").withFlag(new PortSpec.Exact(9000)), FREE);
        assertThat(resolution.port()).hasValue(9000);
        assertThat(resolution.command()).containsExactly("sock");
    }

    // The second rung.

    @Test
    void theEnvFileComesBeforeThePatternAndTellsTheProgramToo() {
        PortResolution resolution =
                LADDER.resolve(request("told").withEnvironment("dev.env", Map.of("PORT", "7001")), FREE);
        assertThat(resolution.port()).hasValue(7001);
        assertThat(resolution.command()).containsExactly("told", "--listen", "7001");
        assertThat(resolution.answer().why()).isEqualTo("PORT=7001 in dev.env");
    }

    @Test
    void anEnvFileWithoutPortPasses() {
        PortResolution resolution =
                LADDER.resolve(request("x").withEnvironment("dev.env", Map.of("TETRA", "7001")), FREE);
        assertThat(answerOf(resolution, "env file")).isEqualTo(new RungAnswer.Passed("no PORT in dev.env"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"abc", "0", "99999", "", "8000+", "none", "-1", "8080 # web"})
    void anEnvFileWhosePortIsNoneIsRefused(String value) {
        PortResolution resolution =
                LADDER.resolve(request("x").withEnvironment("dev.env", Map.of("PORT", value)), FREE);
        assertThat(refused(resolution).why())
                .isEqualTo("PORT=" + value
                        + " in dev.env is not a port; write a number from 1 to 65535, or take the line out");
    }

    @Test
    void aBusyPortOfTheEnvFileIsRefused() {
        PortRequest request = request("x").withEnvironment("dev.env", Map.of("PORT", "8080"));
        RungAnswer.Refused refused =
                refused(LADDER.resolve(request, FakeUse.allFree().held(8080)));
        assertThat(refused.holder()).isPresent();
        assertThat(refused.why())
                .isEqualTo("port 8080, by PORT=8080 in dev.env, is held by pid 4711 (nginx: master); stop it, change"
                        + " dev.env, or start with --port N");
    }

    // Ports of services that do not run now.

    @Test
    void aKeptPortIsTakenByWhoeverNamesIt() {
        PortUse use = FakeUse.allFree().kept(8000, "job-8000");
        assertThat(LADDER.resolve(request("x").withFlag(new PortSpec.Exact(8000)), use)
                        .port())
                .hasValue(8000);
        assertThat(LADDER.resolve(request("x --port 8000"), use).port()).hasValue(8000);
    }

    @Test
    void aKeptPortIsPassedOverByWhoeverTakesAny() {
        PortUse use = FakeUse.allFree().kept(8000, "job-8000").kept(9000, "web-9000");
        assertThat(LADDER.resolve(request("x $PORT"), use).port()).hasValue(8001);
        assertThat(LADDER.resolve(request("x").withFlag(new PortSpec.AtLeast(8000)), use)
                        .port())
                .hasValue(8001);
        PortResolution told = LADDER.resolve(request("told"), use);
        assertThat(told.port()).hasValue(8001);
        assertThat(told.answer().why())
                .isEqualTo("pattern told, default port 9000 is that of web-9000, which does not run now; the first free"
                        + " port of 8000-8999");
    }

    @Test
    void aKeptPortIsTakenWhenThereIsNoOther() {
        FakeUse use = FakeUse.allFree().held(8000, 8998).kept(8999, "job-8999");
        assertThat(LADDER.resolve(request("x $PORT"), use).port()).hasValue(8999);
    }

    // The third rung.

    @Test
    void theGuidesFirstExampleRunsOnItsDefaultPort() {
        PortResolution resolution = BUILT_IN.resolve(request("python3 -m http.server"), FREE);
        assertThat(resolution.port()).hasValue(8000);
        assertThat(resolution.command()).containsExactly("python3", "-m", "http.server", "8000");
    }

    @Test
    void aBusyDefaultGivesTheFirstFreePortOfTheRange() {
        PortResolution resolution =
                LADDER.resolve(request("told"), FakeUse.allFree().held(9000).held(8000, 8002));
        assertThat(resolution.port()).hasValue(8003);
        assertThat(resolution.command()).containsExactly("told", "--listen", "8003");
        assertThat(resolution.answer().why())
                .isEqualTo("pattern told, default port 9000 is held by pid 4711 (nginx: master); the first free port of"
                        + " 8000-8999");
    }

    @Test
    void aBusyDefaultInAFullRangeIsRefused() {
        RungAnswer.Refused refused = refused(
                LADDER.resolve(request("told"), FakeUse.allFree().held(9000).held(8000, 8999)));
        assertThat(refused.why()).contains("no port of 8000-8999 is free");
        assertThat(refused.holder()).isPresent();
    }

    @Test
    void aPatternWithPortZeroIsASocketService() {
        PortResolution resolution = LADDER.resolve(request("sock a"), FREE);
        assertThat(resolution.serviceType()).isEqualTo(ServiceType.SOCKET);
        assertThat(resolution.command()).containsExactly("sock", "a", "--control");
    }

    @Test
    void aPatternNeverAddsAPortWhereTheCommandNamesOne() {
        PortResolution resolution = LADDER.resolve(request("told --port 8080"), FREE);
        assertThat(resolution.port()).hasValue(8080);
        assertThat(resolution.command()).containsExactly("told", "--port", "8080");
        assertThat(answerOf(resolution, "patterns"))
                .isEqualTo(new RungAnswer.Passed("pattern told matches, but the command has its own --port 8080"));
    }

    @Test
    void aBuiltInPatternWithoutAPlaceForThePortGivesWayToTheCommandToo() {
        PortResolution resolution = BUILT_IN.resolve(request("node server.js 8080"), FREE);
        assertThat(resolution.port()).hasValue(8080);
        assertThat(resolution.command()).containsExactly("node", "server.js", "8080");
    }

    @Test
    void aPatternOfTheUsersOwnThatAddsNothingStandsAgainstTheText() {
        assertThat(LADDER.resolve(request("plain -p 80"), FREE).port()).hasValue(9001);
    }

    @Test
    void aPlaceForThePortInTheCommandIsUsedInsteadOfTheTemplate() {
        PortResolution resolution = LADDER.resolve(request("told --at $PORT"), FREE);
        assertThat(resolution.port()).hasValue(9000);
        assertThat(resolution.command()).containsExactly("told", "--at", "9000");
    }

    @Test
    void nothingIsAddedBehindTheScriptOfAShell() {
        PortRequest request = PortRequest.of("web", List.of("bash", "-c", "exec uvicorn main:app"));
        PortResolution resolution = BUILT_IN.resolve(request, FREE);
        assertThat(resolution.serviceType()).isEqualTo(ServiceType.PID);
        assertThat(answerOf(resolution, "patterns").why()).contains("cannot add a port to the script of a shell");
        assertThat(BUILT_IN.resolve(request.withFlag(new PortSpec.Exact(9000)), FREE)
                        .command())
                .isEqualTo(request.command());
    }

    // The fourth rung.

    @ParameterizedTest
    @CsvSource({
        "server --port 8080, 8080",
        "server --port=8080, 8080",
        "node server.js 8080, 8080",
        "server -p 80, 80",
        "server :8080, 8080",
        "env PORT=8080 server, 8080",
    })
    void whatTheOriginalGotWrongIsRight(String command, int port) {
        PortResolution resolution = BUILT_IN.resolve(request(command), FREE);
        assertThat(resolution.port()).hasValue(port);
        assertThat(resolution.command()).isEqualTo(Words.split(command));
    }

    @ParameterizedTest
    @ValueSource(strings = {"curl http://h:9999/", "at 12:3456", "sleep 1000"})
    void whatTheOriginalTookForAPortIsNone(String command) {
        assertThat(BUILT_IN.resolve(request(command), FREE).serviceType()).isEqualTo(ServiceType.PID);
    }

    @Test
    void aBusyPortOfTheCommandIsRefused() {
        RungAnswer.Refused refused = refused(BUILT_IN.resolve(
                request("node server.js 8080"), FakeUse.allFree().held(8080)));
        assertThat(refused.holder().orElseThrow().port()).isEqualTo(8080);
        assertThat(refused.why())
                .isEqualTo("port 8080, by 8080 in the command, is held by pid 4711 (nginx: master); stop it, or name"
                        + " another port in the command");
    }

    @Test
    void anImpossiblePortInTheCommandIsNoPortAndSaysSo() {
        PortResolution resolution = BUILT_IN.resolve(request("vite --port 99999"), FREE);
        assertThat(answerOf(resolution, "command"))
                .isEqualTo(new RungAnswer.Passed("--port 99999 in the command is not a port (1 to 65535)"));
        assertThat(resolution.serviceType()).isEqualTo(ServiceType.PID);
        assertThat(resolution.command()).containsExactly("vite", "--port", "99999");
    }

    @Test
    void aProgramThatDoesNotLookAtThePortVariableIsToldIt() {
        PortResolution resolution = BUILT_IN.resolve(request("env PORT=8080 python3 -m http.server"), FREE);
        assertThat(resolution.port()).hasValue(8080);
        assertThat(resolution.command()).containsExactly("env", "PORT=8080", "python3", "-m", "http.server", "8080");
    }

    // The fifth rung and the sixth.

    @Test
    void aScriptThatCanServeGetsTheFirstFreePort() {
        PortRequest request = request("bash app.sh").withServesByInterpreter(true);
        assertThat(LADDER.resolve(request, FakeUse.allFree().held(8000)).port()).hasValue(8001);
        assertThat(LADDER.resolve(request.withServesByInterpreter(false), FREE).serviceType())
                .isEqualTo(ServiceType.PID);
    }

    @ParameterizedTest
    @ValueSource(strings = {"server --at=$PORT", "server --at=${PORT}", "server --at={port}"})
    void aPlaceForThePortAsksForOneAndIsFilled(String command) {
        PortResolution resolution = LADDER.resolve(request(command), FREE);
        assertThat(resolution.port()).hasValue(8000);
        assertThat(resolution.command()).containsExactly("server", "--at=8000");
    }

    @Test
    void theLiteralReadingGivesEveryCommandAPort() {
        PortLadder always = PortLadder.standard(OWN, new PortRange(8100, 8100), AllocationPolicy.ALWAYS);
        assertThat(always.resolve(request("sleep 1000"), FREE).port()).hasValue(8100);
        assertThat(refused(always.resolve(
                                request("sleep 1000"), FakeUse.allFree().held(8100)))
                        .why())
                .isEqualTo(
                        "no port of 8100-8100 is free for web; stop a service, or start with --port N or --port none");
    }

    @Test
    void aCommandThatTakesNoPortIsReachedByItsProcess() {
        PortResolution resolution = LADDER.resolve(request("sleep 1000"), FREE);
        assertThat(resolution.serviceType()).isEqualTo(ServiceType.PID);
        assertThat(resolution.command()).containsExactly("sleep", "1000");
        assertThat(resolution.trace()).last().isEqualTo(new PortResolution.Step("none", resolution.answer()));
    }

    // Ladders of one's own, and what a resolution tells.

    @Test
    void everyRungsPortIsFilledIn() {
        PortRung mine = new PortRung() {
            @Override
            public String name() {
                return "mine";
            }

            @Override
            public RungAnswer climb(PortRequest request, PortUse use) {
                return new RungAnswer.Found(7777, request.command(), "because");
            }
        };
        PortLadder ladder = PortLadder.of(List.of(mine, new NoneRung()));
        assertThat(ladder.resolve(request("x {port}"), FREE).command()).containsExactly("x", "7777");
    }

    @Test
    void aLadderWithoutAnAnswerGivesNoPort() {
        PortResolution resolution = PortLadder.of(List.of(new EnvFileRung(OWN))).resolve(request("x"), FREE);
        assertThat(resolution.serviceType()).isEqualTo(ServiceType.PID);
        assertThat(resolution.trace()).hasSize(1);
        assertThat(PortLadder.of(List.of()).resolve(request("x"), FREE).answer().why())
                .isEqualTo("every rung passed");
    }

    @Test
    void aRefusedStartHasNothingToRun() {
        PortRequest request = request("x").withFlag(new PortSpec.Exact(8080));
        PortResolution resolution = LADDER.resolve(request, FakeUse.allFree().held(8080));
        assertThatThrownBy(resolution::command)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("8080");
        assertThatThrownBy(resolution::serviceType).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void impossibleAnswersCannotBeMade() {
        List<String> command = List.of("x");
        assertThatThrownBy(() -> new RungAnswer.Found(0, command, "")).hasMessage("port not in [1, 65535]: 0");
        assertThatThrownBy(() -> new RungAnswer.Portless(ServiceType.PORT, command, ""))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new PortResolution(new RungAnswer.Passed("no"), List.of()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> PortRequest.of("web", List.of())).hasMessage("command has no word");
    }

    @Test
    void aHolderIsDescribedAsFarAsItIsSeen() {
        assertThat(PortHolder.process(80, 4711, "nginx: master").describe())
                .isEqualTo("held by pid 4711 (nginx: master)");
        assertThat(PortHolder.process(80, 4711, "").describe()).isEqualTo("held by pid 4711");
        assertThat(PortHolder.service(80, "web-80").describe()).isEqualTo("claimed by service web-80");
        assertThat(PortHolder.unseen(80).describe()).isEqualTo("in use, by a process this user may not see");
        assertThat(PortHolder.process(80, 1, "a\nb".repeat(80)).describe()).hasSize("held by pid 1 ()".length() + 80);
    }

    @Test
    void theTextsAreTheGuides() {
        assertThat(ServiceType.values()).extracting(ServiceType::text).containsExactly("port", "socket", "pid");
        assertThat(Transport.values()).extracting(Transport::text).containsExactly("tcp", "udp");
        assertThat(Relation.values())
                .extracting(Relation::text)
                .containsExactly("bind", "bind-shared", "multicast-join", "send-to");
        assertThatThrownBy(() -> Relation.parse("x")).hasMessageContaining("bind-shared");
        assertThatThrownBy(() -> Transport.parse("x")).hasMessageContaining("tcp or udp");
    }
}
