//! What docs/data.md, the data dictionary and the notebook say to data teams, run as it is written.

use harness::cluster::Cluster;
use harness::desk::Desk;
use harness::tree::Tree;
use harness::{binary, dictionary, root, setup, shell};
use serde_json::Value;
use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};
use tokio_postgres::{Client, SimpleQueryMessage};

const DATA: &str = include_str!("../../docs/data.md");

/// The SQL of a section, by its heading.
fn sql_of(heading: &str) -> Vec<&'static str> {
    let (_, section) = DATA
        .split_once(&format!("\n## {heading}\n"))
        .unwrap_or_else(|| panic!("no section {heading}"));
    let section = section.split("\n## ").next().unwrap_or_default();
    section
        .split("```sql\n")
        .skip(1)
        .filter_map(|rest| rest.split("```").next())
        .collect()
}

async fn rows(client: &Client, sql: &str) -> Vec<Vec<String>> {
    client
        .simple_query(sql)
        .await
        .unwrap_or_else(|error| panic!("{sql}\n{error:?}"))
        .into_iter()
        .filter_map(|message| match message {
            SimpleQueryMessage::Row(row) => Some(
                (0..row.len())
                    .map(|at| row.get(at).unwrap_or_default().to_owned())
                    .collect(),
            ),
            _ => None,
        })
        .collect()
}

/// A log-in of the cluster, gone with its test.
async fn analyst(desk: &Desk) -> (Client, String) {
    let name = format!("reader_{}", desk.database);
    shell::output(
        binary()
            .args([
                "user",
                "add",
                "--analyst",
                &name,
                "--password",
                "a-reader-of-tours",
            ])
            .env("AUTOCRM_ADMIN_DATABASE_URL", desk.admin_url()),
    )
    .expect("a log-in");
    (desk.log_in(&name).await, name)
}

async fn forget(desk: &Desk, name: &str) {
    desk.run(&format!("drop owned by {name}; drop role {name}"))
        .await;
}

#[tokio::test]
async fn every_view_for_data_teams_and_each_of_its_columns_has_a_meaning() {
    let desk = Desk::open().await;
    let without: Vec<String> = desk
        .one("select coalesce(array_agg(concat_ws('.', view, \"column\")), '{}') from reporting.dictionary where coalesce(meaning, '') = ''")
        .await;
    assert!(without.is_empty(), "no meaning: {}", without.join(", "));

    let fresh: String = desk.one(dictionary::QUERY).await;
    let committed = std::fs::read_to_string(root().join("docs/dictionary.md")).expect("docs");
    assert!(
        fresh.trim_end() == committed.trim_end(),
        "docs/dictionary.md is not what the comments say; run cargo dev gen"
    );
}

#[tokio::test]
async fn the_tour_runs_as_it_is_written_for_an_analyst() {
    let desk = Desk::seeded().await;
    let (reader, name) = analyst(&desk).await;
    let tour: Vec<&str> = ["The views", "A tour"]
        .into_iter()
        .flat_map(sql_of)
        .collect();
    assert!(tour.len() > 8, "{}", tour.len());
    for question in tour {
        let answer = rows(&reader, question).await;
        // The demo desk has no business hours, and clocks only once its worker has run.
        let may_be_empty = question.contains("schedule_id") || question.contains("sla_clocks");
        assert!(may_be_empty || !answer.is_empty(), "{question}");
    }
    drop(reader);
    forget(&desk, &name).await;
}

#[tokio::test]
async fn a_load_by_snapshot_leaves_out_nothing_that_commits_late() {
    let desk = Desk::seeded().await;
    let (reader, name) = analyst(&desk).await;
    let [load] = sql_of("Load what is new")[..] else {
        panic!("one script");
    };
    let steps: Vec<&str> = load.split_inclusive(';').collect();
    let (changed, gone) = (steps[2], steps[3]);
    let ids: Vec<i64> = desk
        .one("select array_agg(id order by id) from (select id from app.tickets where deleted_at is null order by id limit 3) t")
        .await;
    let change =
        |id: i64| format!("update app.tickets set subject = subject || '!' where id = {id}");

    let late = desk.log_in("postgres").await;
    late.batch_execute(&format!("begin; {}", change(ids[0])))
        .await
        .expect("is open");
    desk.run(&change(ids[1])).await;
    let seen = rows(&reader, "select pg_current_snapshot()").await[0][0].clone();
    late.batch_execute("commit").await.expect("commits");
    desk.run(&format!(
        "update app.tickets set deleted_at = autocrm.now() where id = {}",
        ids[2]
    ))
    .await;

    let told = rows(&reader, &changed.replace("1:1:", &seen)).await;
    assert_eq!(
        told.iter().map(|row| row[0].as_str()).collect::<Vec<_>>(),
        [ids[0].to_string()],
        "what committed after the snapshot, and nothing else"
    );
    let told = rows(&reader, &gone.replace("1:1:", &seen)).await;
    assert!(
        told.iter().all(|row| row[0] == ids[2].to_string()),
        "{told:?}"
    );
    rows(&reader, load).await;
    drop(reader);
    forget(&desk, &name).await;
}

#[tokio::test]
async fn the_notebook_runs_from_its_first_cell_to_its_last() {
    let desk = Desk::seeded().await;
    let (reader, name) = analyst(&desk).await;
    drop(reader);
    let notebook: Value = serde_json::from_str(
        &std::fs::read_to_string(root().join("docs/tour.ipynb")).expect("docs"),
    )
    .expect("a notebook");
    let mut script = String::new();
    for cell in notebook["cells"].as_array().expect("cells") {
        if cell["cell_type"] == "code" {
            for line in cell["source"].as_array().expect("lines") {
                script += line.as_str().expect("text");
            }
            script += "\n";
        }
    }
    let place = desk
        .admin_url()
        .replace("user=postgres", &format!("user={name}"));
    let said = shell::output(
        // Debian's own, which has the package.
        Command::new("/usr/bin/python3")
            .args(["-c", &script])
            .env("DATABASE_URL", place),
    )
    .expect("runs");
    assert!(
        said.contains("tickets_daily") && said.contains("0 changed since"),
        "{said}"
    );
    forget(&desk, &name).await;
}

/// A cluster of its own with a demo desk, whose log can be decoded.
struct Site {
    tree: Tree,
    cluster: Cluster,
}

impl Site {
    fn open() -> Self {
        let tree = Tree::prepare().expect("PostgreSQL");
        let name = format!("logical-{}", std::process::id()).leak();
        let mut cluster = Cluster::new(name, true).expect("a cluster");
        cluster.start(&tree, false).expect("starts");
        cluster
            .run_sql("postgres", "alter system set wal_level = logical")
            .expect("is set");
        cluster.stop(&tree);
        cluster.start(&tree, false).expect("starts again");
        let program = PathBuf::from(binary().get_program().to_owned());
        setup::migrate(&cluster, &program, "autocrm").expect("migrates");
        shell::output(setup::admin(&program, &cluster, "autocrm").arg("seed")).expect("seeds");
        cluster
            .run_sql("postgres", "create database warehouse")
            .expect("a warehouse");
        Self { tree, cluster }
    }

    async fn connect(&self, database: &str) -> Client {
        autocrm_api::db::connect(&self.cluster.url("postgres", database))
            .await
            .expect("connects")
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        let _ = self.cluster.remove(&self.tree);
        let _ = std::fs::remove_dir_all(&self.cluster.run);
    }
}

#[tokio::test]
async fn a_warehouse_follows_the_desk_by_logical_replication() {
    let site = Site::open();
    let desk = site.connect("autocrm").await;
    let warehouse = site.connect("warehouse").await;
    let [on_the_desk, in_the_warehouse] = sql_of("A copy that follows by itself")[..] else {
        panic!("two scripts");
    };
    for statement in on_the_desk.split_inclusive(';') {
        rows(&desk, statement).await;
    }
    let place = format!(
        "host={} port={}",
        site.cluster.run.display(),
        site.cluster.port
    );
    for statement in in_the_warehouse
        .replace("host=…", &place)
        .split_inclusive(';')
    {
        rows(&warehouse, statement).await;
    }
    desk.batch_execute(
        "update app.tickets set subject = 'Followed' where id = (select min(id) from app.tickets)",
    )
    .await
    .expect("changes");

    let asked = "select t.subject, s.key from app.tickets t join app.statuses s on s.id = t.status_id order by t.id limit 1";
    let until = Instant::now() + Duration::from_secs(30);
    loop {
        if rows(&warehouse, asked)
            .await
            .first()
            .is_some_and(|row| row[0] == "Followed")
        {
            break;
        }
        assert!(Instant::now() < until, "the change does not arrive");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let count = "select count(*) from app.tickets";
    assert_eq!(rows(&warehouse, count).await, rows(&desk, count).await);
    warehouse
        .batch_execute("drop subscription warehouse")
        .await
        .expect("ends with its slot");
}
