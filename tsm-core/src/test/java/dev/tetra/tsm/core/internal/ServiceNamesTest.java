package dev.tetra.tsm.core.internal;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tetra.tsm.core.ServiceException;
import dev.tetra.tsm.core.ServiceException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServiceNamesTest {
    @TempDir
    Path root;

    private Path shop = Path.of("");

    @BeforeEach
    void makeProject() throws IOException {
        shop = Files.createDirectory(root.resolve("shop"));
    }

    // Where a name comes from

    @Test
    void theGivenNameComesFirst() throws IOException {
        Files.writeString(shop.resolve("package.json"), "{\"name\": \"pkg\"}");
        assertThat(ServiceNames.base(Optional.of("api"), Map.of("NAME", "env"), shop, List.of("node", "x.js")))
                .isEqualTo("api");
    }

    @Test
    void theEnvironmentFileComesSecond() throws IOException {
        Files.writeString(shop.resolve("package.json"), "{\"name\": \"pkg\"}");
        assertThat(named(Map.of("NAME", "env", "TETRA_NAME", "tetra"))).isEqualTo("env");
        assertThat(named(Map.of("NAME", " ", "TETRA_NAME", "tetra"))).isEqualTo("tetra");
        assertThat(named(Map.of("TETRA_NAME", "My App!"))).isEqualTo("My-App");
        assertThat(named(Map.of("TETRA_NAME", ""))).isEqualTo("pkg");
    }

    @Test
    void thePackageComesThird() throws IOException {
        Files.writeString(
                shop.resolve("package.json"), "{\"a\": {\"name\": \"no\"}, \"b\": [\"name\"], \"name\": \"web\", !");
        assertThat(named("node", "x.js")).isEqualTo("web");
        Files.writeString(shop.resolve("package.json"), "\uFEFF{\"name\": \"@org/pkg\"}");
        assertThat(named("npm", "start")).isEqualTo("org-pkg");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "{}",
                "[\"name\", \"x\"]",
                "\"name\"",
                "{\"name\": 1}",
                "{\"name\": {\"name\": \"x\"}}",
                "{\"name\": \" \"}",
                "{\"nam",
                "{\"version\": \"x\"}",
                "nonsense"
            })
    void aPackageWithoutNameIsPassedOver(String json) throws IOException {
        Files.writeString(shop.resolve("package.json"), json);
        assertThat(named("node", "x.js")).isEqualTo("shop-x");
    }

    @Test
    void aPackageThatNestsTooDeepOrIsNoFileIsPassedOver() throws IOException {
        Files.writeString(shop.resolve("package.json"), "{\"a\": " + "[".repeat(100_000));
        assertThat(named("node", "x.js")).isEqualTo("shop-x");
        Files.delete(shop.resolve("package.json"));
        Files.createDirectory(shop.resolve("package.json"));
        assertThat(named("node", "x.js")).isEqualTo("shop-x");
    }

    @ParameterizedTest
    @CsvSource({
        "python -m http.server, shop-http",
        "python3 -um mod.x.y, shop-mod",
        "python3 -mflask run, shop-flask",
        "python3.11 -W ignore -m app, shop-app",
        "python3 -X dev src/my_app.py 1, shop-my_app",
        "node dist/server.js 8080, shop-server",
        "node -r dotenv/config app.mjs, shop-app",
        "bash run.sh, shop-run",
        "bash -euo pipefail run.sh, shop-run",
        "bash +o posix run.sh, shop-run",
        "/bin/sh ./x, shop-x",
        "lua -l mod -e x=1 game.lua, shop-game",
        "go run ./cmd/api/ -v, shop-api",
        "go run main.go util.go, shop-main",
        "go run -tags x main.go, shop-main",
        "java -jar target/x-1.0.jar, shop-x-1.0",
        "java -cp a:b com.acme.Main, shop-Main",
        "java -m mod/com.acme.Main, shop-Main",
        "java -m mod, shop-mod",
        "java Main.java, shop-Main",
        "ruby -I lib bin/rails server, shop-rails",
        "php artisan serve, shop-artisan",
        "php -S :8000 router.php, shop-router",
        "php -f x.php, shop-x",
        "deno run -A --config d.json x.ts, shop-x",
        "bun run dev, shop-dev",
        "bun --cwd web start, shop-start",
        "node -- x.js, shop-x",
        "bash -f -x run.sh, shop-run",
        "bash -O extglob run.sh, shop-run",
        "bash --rcfile x run.sh, shop-run",
        "node .x, shop-.x",
        "python3 -jar x.py, shop-x",
        "app.py a, shop-app",
        "./bin/app.sh, shop-app",
        "/opt/x-2.0.jar, shop-x-2.0"
    })
    void aProgramUnderAnInterpreterIsNamedAfterTheProjectAndItself(String words, String name) {
        assertThat(named(words.split(" ", -1))).isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "caddy run",
                "npm start",
                "./server",
                "python3",
                "python3 -c x",
                "bash -c x",
                "node .",
                "go build ./x",
                "go run .",
                "php -S :8000",
                "bun install x",
                "node -e x y"
            })
    void anythingElseIsNamedAfterTheProject(String words) {
        assertThat(named(words.split(" ", -1))).isEqualTo("shop");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "dist",
                "build",
                "out",
                "output",
                "src",
                "lib",
                "app",
                "public",
                "static",
                "assets",
                "bin",
                "pkg",
                "target",
                "node_modules",
                "dist/bin/src"
            })
    void directoriesThatArePartsOfAProjectDoNotNameIt(String part) {
        assertThat(ServiceNames.base(Optional.empty(), Map.of(), shop.resolve(part), List.of()))
                .isEqualTo("shop");
    }

    @Test
    void whereOnlyPartsAreLeftTheLastOneNamesTheProject() {
        assertThat(ServiceNames.base(Optional.empty(), Map.of(), Path.of("/src/app"), List.of("x.py")))
                .isEqualTo("app-x");
        assertThat(ServiceNames.base(Optional.empty(), Map.of(), Path.of("/"), List.of("x.py")))
                .isEqualTo("x");
        assertThat(ServiceNames.base(Optional.empty(), Map.of(), Path.of("/"), List.of()))
                .isEqualTo("service");
    }

    @Test
    void aRelativeDirectoryIsSeenFromHere() {
        Path here = Path.of("").toAbsolutePath().normalize();
        assertThat(ServiceNames.base(Optional.empty(), Map.of(), Path.of(""), List.of()))
                .isEqualTo(ServiceNames.base(Optional.empty(), Map.of(), here, List.of()));
        assertThat(ServiceNames.base(Optional.empty(), Map.of(), shop.resolve("x/.."), List.of()))
                .isEqualTo("shop");
    }

    @ParameterizedTest
    @CsvSource({
        "a b/c, a-b-c",
        "--a__b..c--, a__b..c",
        "' a  b ', a-b",
        "a--b, a-b",
        "../evil, evil",
        ".config, config",
        "a., a",
        "é, service",
        "2024, service-2024",
        "2-024, 2-024",
        "äpfel, pfel",
        "a-, a"
    })
    void aDerivedNameIsMadeToFit(String wanted, String name) {
        assertThat(named(Map.of("NAME", wanted))).isEqualTo(name);
    }

    @Test
    void aDerivedNameLeavesRoomForAPort() {
        assertThat(named(Map.of("NAME", "x".repeat(500)))).isEqualTo("x".repeat(94));
        assertThat(named(Map.of("NAME", "x".repeat(93) + "--y"))).isEqualTo("x".repeat(93));
        assertThat(named(Map.of("NAME", "1".repeat(500)))).isEqualTo("service-" + "1".repeat(86));
    }

    // Ports

    @Test
    void aPortIsAddedOnce() {
        assertThat(ServiceNames.withPort("web", OptionalInt.of(8080))).isEqualTo("web-8080");
        assertThat(ServiceNames.withPort("web-8080", OptionalInt.of(8080))).isEqualTo("web-8080");
        assertThat(ServiceNames.withPort("web-8080", OptionalInt.of(80))).isEqualTo("web-8080-80");
        assertThat(ServiceNames.withPort("web", OptionalInt.of(0))).isEqualTo("web-0");
        assertThat(ServiceNames.withPort("web", OptionalInt.empty())).isEqualTo("web");
    }

    @Test
    void aNameThatIsTooLongWithItsPortIsRefused() {
        assertThat(ServiceNames.withPort("x".repeat(95), OptionalInt.of(8080))).hasSize(100);
        assertThat(refused(() -> ServiceNames.withPort("x".repeat(96), OptionalInt.of(8080))))
                .isEqualTo("service name of 101 characters: xxxxxxxxxxxxxxxxxxxx…; at most 100 with its port");
    }

    // The rules

    @ParameterizedTest
    @ValueSource(strings = {"a", "web-8080", "A.b_c-D9", "0x", "9-1", "zZaA09", "x."})
    void letterDigitsDotsUnderscoresAndDashesMakeAName(String name) {
        assertThatCode(() -> ServiceNames.check(name)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({
        "../evil, '/', 3",
        "a b, character code 32, 2",
        "*, '*', 1",
        "we/b, '/', 3",
        "é, 'é', 1",
        "a😀, '😀', 2",
        "a:b, ':', 2",
        "a@b, '@', 2",
        "a[b, '[', 2",
        "a`b, '`', 2",
        "a{b, '{', 2"
    })
    void aNameWithAnotherCharacterIsRefusedNamingIt(String name, String character, int position) {
        String shown = character.startsWith("character") ? character : "'" + character + "'";
        assertThat(refused(() -> ServiceNames.check(name)))
                .isEqualTo("not a service name: " + name + " has " + shown + " at " + position
                        + "; use letters, digits, '.', '_' and '-'");
    }

    @Test
    void aControlCharacterIsRefusedWithoutBeingPrinted() {
        assertThat(refused(() -> ServiceNames.check("a\u001b[2J"))).contains("a?[2J has character code 27 at 2;");
        assertThat(refused(() -> ServiceNames.check("\u001b".repeat(200)))).doesNotContain("\u001b");
    }

    @ParameterizedTest
    @ValueSource(strings = {".", "..", "-x", "_x", ".x", "-1"})
    void aNameBeginsWithALetterOrADigit(String name) {
        assertThat(refused(() -> ServiceNames.check(name)))
                .isEqualTo("not a service name: " + name + " begins with '" + name.charAt(0)
                        + "'; begin with a letter or a digit");
    }

    @Test
    void aNumberIsNoName() {
        assertThat(refused(() -> ServiceNames.check("8080")))
                .isEqualTo("not a service name: 8080 is a number, as ids, pids and ports are; add a letter");
    }

    @Test
    void aNameHasOneToOneHundredCharacters() {
        assertThat(refused(() -> ServiceNames.check(""))).startsWith("a service name is empty;");
        assertThatCode(() -> ServiceNames.check("x".repeat(100))).doesNotThrowAnyException();
        assertThat(refused(() -> ServiceNames.check("x".repeat(101)))).startsWith("service name of 101 characters: ");
    }

    @Test
    void aGivenNameIsNotMadeToFit() {
        assertThat(refused(() -> ServiceNames.base(Optional.of("a b"), Map.of(), shop, List.of())))
                .startsWith("not a service name: a b has ");
    }

    // What may have been meant

    @ParameterizedTest
    @CsvSource({
        "wbe, web-8000",
        "WEB, web-8000",
        "we, web-8000",
        "webb, web-8000",
        "wab, web-8000",
        "web-8001, web-8000",
        "quasra, quasar-1985",
        "qasar, quasar-1985",
        "kasar, quasar-1985"
    })
    void aSlipFindsTheName(String wanted, String name) {
        assertThat(ServiceNames.nearest(wanted, List.of("db", "web-8000", "quasar-1985", "batch-")))
                .containsExactly(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "xyz", "bew", "quasimodo", "8000", "batch-9999", "z"})
    void whatIsFarFromAllFindsNothing(String wanted) {
        assertThat(ServiceNames.nearest(wanted, List.of("db", "web-8000", "quasar-1985", "-1", "9")))
                .isEmpty();
    }

    @Test
    void theNearestNamesComeFirstAndAtMostThree() {
        assertThat(ServiceNames.nearest(
                        "server", List.of("serfes", "zerver", "Server", "serve", "swerver", "server-80")))
                .containsExactly("Server", "server-80", "serve");
    }

    @Test
    void aPartOfANameFindsItAfterWhatIsNear() {
        assertThat(ServiceNames.nearest("crash", List.of("play-crash-8000", "db", "crush")))
                .containsExactly("crush", "play-crash-8000");
        assertThat(ServiceNames.nearest("p", List.of("play-crash-8000"))).isEmpty();
    }

    @Test
    void aWordTooLongForANameFindsNothing() {
        String longest = "x".repeat(100);
        assertThat(ServiceNames.nearest(longest, List.of(longest))).containsExactly(longest);
        assertThat(ServiceNames.nearest(longest + "x", List.of(longest))).isEmpty();
    }

    private String named(String... command) {
        return ServiceNames.base(Optional.empty(), Map.of(), shop, List.of(command));
    }

    private String named(Map<String, String> envFileVariables) {
        return ServiceNames.base(Optional.empty(), envFileVariables, shop, List.of("node", "x.js"));
    }

    private static String refused(Runnable call) {
        ServiceException refusal = catchThrowableOfType(ServiceException.class, call::run);
        assertThat(refusal).as("nothing was refused").isNotNull();
        assertThat(refusal.reason()).isEqualTo(Reason.INVALID);
        return requireNonNull(refusal.getMessage());
    }
}
