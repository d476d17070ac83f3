package dev.tetra.tsm.ports;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandTextTest {

    private static CommandText read(String command) {
        return CommandText.of(PortRequest.of("web", Words.split(command)));
    }

    @ParameterizedTest
    @CsvSource({
        "server --port 8080, 8080, --port 8080",
        "server --port=8080, 8080, --port=8080",
        "server -p 80, 80, -p 80",
        "server -p8080, 8080, -p8080",
        "server -p=8080, 8080, -p=8080",
        "server -P 8080, 8080, -P 8080",
        "server -l 3000, 3000, -l 3000",
        "env PORT=8080 node x, 8080, PORT=8080",
        "PORT=8080 node x, 8080, PORT=8080",
        "env -i A=b PORT=8080 node x, 8080, PORT=8080",
        "/usr/bin/env PORT=8080 nohup node x, 8080, PORT=8080",
        "server :8080, 8080, :8080",
        "server 0.0.0.0:8080, 8080, 0.0.0.0:8080",
        "server localhost:8000, 8000, localhost:8000",
        "server 127.0.0.1:9000, 9000, 127.0.0.1:9000",
        "server [::]:80, 80, [::]:80",
        "server [::1]:80, 80, [::1]:80",
        "server *:8080, 8080, *:8080",
        "server --bind web.example:8000, 8000, --bind web.example:8000",
        "server --listen=:8080, 8080, --listen=:8080",
        "server --listen 8080, 8080, --listen 8080",
        "server -b 127.0.0.1:8000, 8000, 127.0.0.1:8000",
        "php -S localhost:8000 router.php, 8000, localhost:8000",
        "dotnet run --urls http://localhost:5005/, 5005, --urls http://localhost:5005/",
        "java -Dserver.port=9090 -jar app.jar, 9090, -Dserver.port=9090",
        "mvn spring-boot:run -Dspring-boot.run.arguments=--server.port=9090, 9090, "
                + "-Dspring-boot.run.arguments=--server.port=9090",
        "npm run dev -- --port 3001, 3001, --port 3001",
        "python manage.py runserver --noreload 0.0.0.0:8001, 8001, 0.0.0.0:8001",
        "python manage.py runserver 8001 --noreload, 8001, 8001",
        "python manage.py runserver web.example:8001, 8001, web.example:8001",
        "python3 -m http.server 8123, 8123, 8123",
        "python3 -m http.server 81 --directory x, 81, 81",
        "python3 -m http.server --bind 127.0.0.1 8123, 8123, 8123",
        "node server.js 8080, 8080, 8080",
        "node server.js -- 8080, 8080, 8080",
        "python3.11 app.py 80, 80, 80",
        "java -jar app.jar 443, 443, 443",
        "go run . 8080, 8080, 8080",
        "./manage.py 8080, 8080, 8080",
        "server -p 4 --port 8080, 8080, --port 8080",
        "server localhost:9000 --port 8080, 8080, --port 8080",
        "env PORT=1000 server --port 8080, 8080, --port 8080",
    })
    void whatTheTextNamesIsFound(String command, int port, String where) {
        CommandText text = read(command);
        assertThat(text.port()).as(command).hasValue(port);
        assertThat(text.where()).as(command).isEqualTo(where);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "curl http://h:9999/",
                "curl localhost:9999",
                "fetcher http://h:9999/",
                "fetcher http://localhost:9999",
                "at 12:3456",
                "sleep 1000",
                "tail -n 1000",
                "tail -p 1000",
                "mkdir -p 2020",
                "ssh -p 2222 host",
                "worker --redis localhost:6379",
                "worker --redis=localhost:6379",
                "worker --proxy :9000",
                "worker db.example:5432",
                "worker -p worker.pid",
                "patcher -p1",
                "worker -l 10",
                "worker 8080",
                "node 8080",
                "node server.js",
                "node server.js --max-old-space-size 4096",
                "python3 poll.py 60",
                "python3 poll.py 99999",
                "python3 -m http.server --bind 127.0.0.1",
                "python3 -m http.server --directory 8123",
                "node server.js --port",
                "server --export 8080",
                "server --report=8080",
                "node server.js 8080 verbose",
                "python3 poll.py --every 8080",
                "server --port $PORT",
                "server --port={port}",
                "env PORT=8080",
                "env PORT={port} server",
            })
    void whatIsNoPortOfItsOwnIsNotTaken(String command) {
        assertThat(read(command)).as(command).isEqualTo(CommandText.NOTHING);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "server --port 99999",
                "server --port=0",
                "server --port abc",
                "server -p 99999",
                "server :99999",
                "server --bind localhost:99999",
                "env PORT=99999 server",
                "env PORT= server",
            })
    void aTryThatIsNoPortIsNamedButNoPort(String command) {
        CommandText text = read(command);
        assertThat(text.port()).as(command).isEmpty();
        assertThat(text.names()).as(command).isTrue();
    }

    @Test
    void theScriptOfAShellIsReadLikeACommand() {
        assertThat(CommandText.of(PortRequest.of("web", List.of("bash", "-c", "cd x; exec server --port '8080'; wait")))
                        .port())
                .hasValue(8080);
        assertThat(CommandText.of(PortRequest.of("web", List.of("sh", "-ec", "export PORT=8080; server")))
                        .port())
                .hasValue(8080);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "psql -p 5432; worker",
                "cd x\ncurl localhost:9999 | worker",
                "while true; do redis-cli -p 6379 ping; sleep 1000; done",
                "env A=b\tcurl localhost:9999",
            })
    void theClientsInAScriptNameNoPort(String script) {
        assertThat(CommandText.of(PortRequest.of("web", List.of("bash", "-c", script))))
                .isEqualTo(CommandText.NOTHING);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mkdir -p 2020; server --port 8080",
                "mkdir -p log && server --port 8080",
                "mkdir -p 2020\nserver --port 8080",
                "(sleep 1000) & server --port 8080; curl localhost:9999",
            })
    void theServerBesideAClientInAScriptIsRead(String script) {
        assertThat(CommandText.of(PortRequest.of("web", List.of("bash", "-c", script)))
                        .port())
                .hasValue(8080);
    }

    @Test
    void theWordsBehindAShellsScriptAreNotItsPort() {
        assertThat(CommandText.of(PortRequest.of("web", List.of("bash", "-c", "echo $0", "8080"))))
                .isEqualTo(CommandText.NOTHING);
    }

    @Test
    void aScriptThatTheCallerKnowsTakesABareNumber() {
        PortRequest request = PortRequest.of("web", List.of("./server", "8080"));
        assertThat(CommandText.of(request)).isEqualTo(CommandText.NOTHING);
        assertThat(CommandText.of(request.withServesByInterpreter(true)).port()).hasValue(8080);
    }

    @Test
    void aVariableIsNoArgument() {
        assertThat(read("env PORT=8080 node x").namesArgument()).isFalse();
        assertThat(read("node x --port 8080").namesArgument()).isTrue();
    }
}
