package dev.tetra.tsm.ports;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class BuiltInPatternsTest {

    private static final PortPatterns BUILT_IN = PortPatterns.builtIn();
    private static final PortLadder LADDER =
            PortLadder.standard(BUILT_IN, PortRange.DEFAULT, AllocationPolicy.WHEN_COMMAND_TAKES_PORT);

    /** A command, its port, and what the template adds to it. */
    record Known(String name, String command, int port, String added) {}

    static Stream<Known> everyPattern() {
        return Stream.of(
                new Known("python-http", "python3 -m http.server", 8000, "8000"),
                new Known("python-http", "/usr/bin/python3.11 -u -m http.server --directory site", 8000, "8000"),
                new Known("django", "python manage.py runserver", 8000, "8000"),
                new Known("flask", "flask --app hello run --debug", 5000, "--port 5000"),
                new Known("flask", "python -m flask run", 5000, "--port 5000"),
                new Known("fastapi", "fastapi dev main.py", 8000, "--port 8000"),
                new Known("uvicorn", "uvicorn main:app --reload", 8000, "--port 8000"),
                new Known("gunicorn", "gunicorn -w 4 app:app", 8000, "--bind 127.0.0.1:8000"),
                new Known("hypercorn", "hypercorn app:app", 8000, "--bind 127.0.0.1:8000"),
                new Known("daphne", "daphne site.asgi:application", 8000, "--port 8000"),
                new Known("jupyter", "jupyter lab", 8888, "--port=8888 --port-retries=0"),
                new Known("jupyter", "jupyter-notebook --no-browser", 8888, "--port=8888 --port-retries=0"),
                new Known("streamlit", "streamlit run app.py", 8501, "--server.port=8501"),
                new Known("mkdocs", "mkdocs serve", 8000, "--dev-addr 127.0.0.1:8000"),
                new Known("tensorboard", "tensorboard --logdir runs", 6006, "--port=6006"),
                new Known("vite", "npx vite", 5173, "--port 5173 --strictPort"),
                new Known("vite", "node_modules/.bin/vite --host", 5173, "--port 5173 --strictPort"),
                new Known("vite", "vite dev", 5173, "--port 5173 --strictPort"),
                new Known("vite-preview", "vite preview", 4173, "--port 4173 --strictPort"),
                new Known("next", "npx next dev", 3000, "-p 3000"),
                new Known("nuxt", "nuxi dev", 3000, "--port 3000"),
                new Known("astro", "astro dev", 4321, "--port 4321"),
                new Known("gatsby", "gatsby develop", 8000, "--port 8000"),
                new Known("angular", "ng serve", 4200, "--port 4200"),
                new Known("vue-cli", "vue-cli-service serve", 8080, "--port 8080"),
                new Known("react-scripts", "react-scripts start", 3000, ""),
                new Known("webpack", "npx webpack serve", 8080, "--port 8080"),
                new Known("webpack", "webpack-dev-server", 8080, "--port 8080"),
                new Known("parcel", "parcel index.html", 1234, "--port 1234"),
                new Known("storybook", "storybook dev", 6006, "-p 6006"),
                new Known("docusaurus", "docusaurus start", 3000, "--port 3000"),
                new Known("eleventy", "npx eleventy --serve", 8080, "--port=8080"),
                new Known("wrangler", "wrangler dev", 8787, "--port 8787"),
                new Known("http-server", "http-server dist", 8080, "-p 8080"),
                new Known("live-server", "live-server", 8080, "--port=8080"),
                new Known("json-server", "json-server db.json", 3000, "--port 3000"),
                new Known("browser-sync", "browser-sync start --server", 3000, "--port 3000"),
                new Known("serve", "npx serve dist", 3000, "-l 3000"),
                new Known("npm-start", "npm start", 3000, ""),
                new Known("npm-start", "yarn run start", 3000, ""),
                new Known("nodemon", "npx nodemon server.js", 3000, ""),
                new Known("node", "node server.js", 3000, ""),
                new Known("node", "env A=b /usr/bin/node --watch server.js", 3000, ""),
                new Known("bun", "bun run server.ts", 3000, ""),
                new Known("deno", "deno run -A server.ts", 8000, ""),
                new Known("rails", "bin/rails server", 3000, "-p 3000"),
                new Known("puma", "bundle exec puma", 9292, "-p 9292"),
                new Known("rackup", "rackup", 9292, "-p 9292"),
                new Known("jekyll", "bundle exec jekyll serve", 4000, "--port 4000"),
                new Known("ruby-httpd", "ruby -run -e httpd .", 8080, "-p 8080"),
                new Known("laravel", "php artisan serve", 8000, "--port=8000"),
                new Known("symfony", "symfony server:start", 8000, "--port=8000"),
                new Known(
                        "spring-maven",
                        "./mvnw spring-boot:run",
                        8080,
                        "-Dspring-boot.run.arguments=--server.port=8080"),
                new Known("spring-gradle", "./gradlew bootRun", 8080, "--args=--server.port=8080"),
                new Known("quarkus", "mvn quarkus:dev", 8080, "-Dquarkus.http.port=8080"),
                new Known("jwebserver", "jwebserver -d /srv", 8000, "-p 8000"),
                new Known("java-jar", "java -Xmx1g -jar app.jar", 8080, ""),
                new Known("go-run", "go run ./cmd/web", 8080, ""),
                new Known("dotnet", "dotnet run", 5000, "--urls http://localhost:5000"),
                new Known("phoenix", "mix phx.server", 4000, ""),
                new Known("caddy", "caddy file-server --root site", 2015, "--listen :2015"),
                new Known("hugo", "hugo server -D", 1313, "--port 1313"),
                new Known("redis", "redis-server --save ''", 6379, "--port 6379"),
                new Known("postgres", "/usr/lib/postgresql/bin/postgres -D data", 5432, "-p 5432"),
                new Known("mysql", "mariadbd --datadir=data", 3306, "--port=3306"),
                new Known("mongodb", "mongod --dbpath data", 27017, "--port 27017"),
                new Known("memcached", "memcached -m 64", 11211, "-p 11211"),
                new Known("nats", "nats-server -js", 4222, "-p 4222"),
                new Known("mosquitto", "mosquitto -v", 1883, "-p 1883"),
                new Known("prometheus", "prometheus", 9090, "--web.listen-address=:9090"),
                new Known("minio", "minio server data", 9000, "--address :9000"));
    }

    @Test
    void noLineIsWrongAndEachHasACommandInThisTest() {
        assertThat(BUILT_IN.problems()).isEmpty();
        assertThat(BUILT_IN.patterns())
                .allSatisfy(pattern ->
                        assertThat(PortPattern.parse(pattern.toString())).isEqualTo(pattern));
        Set<String> tried = new HashSet<>();
        everyPattern().forEach(known -> tried.add(known.name()));
        assertThat(BUILT_IN.patterns()).extracting(PortPattern::name).doesNotHaveDuplicates();
        assertThat(BUILT_IN.patterns()).allSatisfy(pattern -> assertThat(tried).contains(pattern.name()));
    }

    @ParameterizedTest
    @MethodSource("everyPattern")
    void aKnownServerGetsItsPortAndIsTold(Known known) {
        List<String> words = Words.split(known.command());
        PortResolution resolution = LADDER.resolve(PortRequest.of("web", words), FakeUse.allFree());
        assertThat(BUILT_IN.match(words)).map(PortPattern::name).hasValue(known.name());
        assertThat(resolution.port()).hasValue(known.port());
        assertThat(resolution.command()).isEqualTo(Words.split(known.command() + " " + known.added()));
        assertThat(resolution.answer().why()).isEqualTo("pattern " + known.name() + ", default port " + known.port());
    }

    @ParameterizedTest
    @MethodSource("everyPattern")
    void aPortThatWasToldIsReadBackFromTheCommand(Known known) {
        List<String> told = Words.split(known.command() + " " + known.added());
        CommandText text = CommandText.of(PortRequest.of("web", told));
        assertThat(text.port().isPresent()).isEqualTo(!known.added().isEmpty());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sleep 1000",
                "nginx",
                "caddy run",
                "vite build",
                "node",
                "node --version",
                "node -e setInterval(x)",
                "npm test",
                "npm run dev",
                "next build",
                "hugo",
                "redis-server redis.conf",
                "uvicorn main:app --uds x.sock",
                "gunicorn --bind unix:x.sock app:app",
                "go build",
                "java Main",
                "tail -f server.log",
                "./myserver",
            })
    void whatListensNowhereWeKnowOfIsNotMatched(String command) {
        assertThat(BUILT_IN.match(Words.split(command))).isEmpty();
    }
}
