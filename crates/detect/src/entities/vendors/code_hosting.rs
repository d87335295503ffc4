//! Code hosting, registries of packages and images.

use super::{key, keys, with_digits};
use crate::Entity;
use crate::alphabet::{ALNUM, BASE64_URL, DOT, HEX, IDENTIFIER};
use crate::definition::Definition;

keys! {
    GITHUB: GithubToken, "ghp_, gho_, ghu_, ghs_, ghr_ and 36 letters or digits; github_pat_ (GitHub documentation: token formats)",
        [key(b"ghp_", ALNUM, 36).rule(), key(b"gho_", ALNUM, 36).rule(), key(b"ghu_", ALNUM, 36).rule(), key(b"ghs_", ALNUM, 36).rule(), key(b"ghr_", ALNUM, 36).rule(), key(b"github_pat_", IDENTIFIER, 40).rule()],
        hits [(concat!("x=", "gh", "p_Fhb7rWMt23ZdVTdwf3bsNDCc5DqTkDq4k6LzH", ""), "x=[GITHUB_TOKEN]"),
            (concat!("id ", "gh", "o_j8Q7BeHB26JY8kLpPD8kSeSvAbGfjJdZjMG4Z", ", ok"), "id [GITHUB_TOKEN], ok"),
            (concat!("https://", "ghs", "_16C7e42F292c6912E7710c838347Ae178B4a", "@github.com"), "https://[GITHUB_TOKEN]@github.com")],
        misses ["ghp_short", "ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "github_pat_token", "xghp_16C7e42F292c6912E7710c838347Ae178B4a"];
    GITLAB: GitlabToken, "glpat- and its family (GitLab documentation: token prefixes)",
        [key(b"glpat-", BASE64_URL | DOT, 20).rule(), key(b"gldt-", BASE64_URL | DOT, 20).rule(), key(b"glrt-", BASE64_URL | DOT, 20).rule(), key(b"glrtr-", BASE64_URL | DOT, 20).rule(), key(b"glptt-", BASE64_URL | DOT, 20).rule(), key(b"glcbt-", BASE64_URL | DOT, 20).rule(), key(b"glffct-", BASE64_URL | DOT, 20).rule(), key(b"glft-", BASE64_URL | DOT, 20).rule(), key(b"glimt-", BASE64_URL | DOT, 20).rule(), key(b"glagent-", BASE64_URL | DOT, 20).rule(), key(b"gloas-", BASE64_URL | DOT, 20).rule(), key(b"glsoat-", BASE64_URL | DOT, 20).rule(), key(b"glwt-", BASE64_URL | DOT, 20).rule(), key(b"GR1348941", BASE64_URL | DOT, 20).rule()],
        hits [(concat!("x=", "glp", "at-Zkx73Zfp26h8y85Qdh5cU", ""), "x=[GITLAB_TOKEN]"),
            (concat!("id ", "gl", "dt-FFB7mFY927uustZDHPt5b", ", ok"), "id [GITLAB_TOKEN], ok")],
        misses ["glpat-abc", "glrt-", "GR1348941"];
    ATLASSIAN: AtlassianToken, "ATATT3, ATCTT3 and at least 60, ATBB and 32 (Atlassian support: API tokens, Bitbucket app passwords)",
        [key(b"ATATT3", BASE64_URL, 60).rule(), key(b"ATCTT3", BASE64_URL, 60).rule(), key(b"ATBB", ALNUM, 32).rule()],
        hits [(concat!("x=", "ATA", "TT3Ldt7S3KS2HwRvVvs96PntyPjbthxsjg8cdDMfHD9NRPxqbutRxLqwzujLRb96", ""), "x=[ATLASSIAN_TOKEN]"),
            (concat!("id ", "ATC", "TT3Fpt7PUAw2HVuhKX2M7dJCq2BX6y522rthZMhvEdyvZA6H47vzqESjsnGUNPUD", ", ok"), "id [ATLASSIAN_TOKEN], ok")],
        misses ["ATATT3", "ATBB"];
    NPM: NpmToken, "npm_ and 36 (npm documentation: access tokens)",
        [key(b"npm_", ALNUM, 36).rule()],
        hits [(concat!("x=", "np", "m_BQL7znU22c7RjdXcJMVHw6F74nr4zYCFxHaaV", ""), "x=[NPM_TOKEN]")],
        misses ["npm_config_registry"];
    PYPI: PypiToken, "pypi-AgE and at least 50 (PyPI documentation: API tokens)",
        [key(b"pypi-AgE", BASE64_URL, 50).rule()],
        hits [(concat!("x=", "pypi", "-AgEEBk7gsSa2KLuLK6x2Q7ffwuU2xa2aCgGuxybFHnkyyCyQ7RQaWD", ""), "x=[PYPI_TOKEN]")],
        misses ["pypi-server"];
    RUBYGEMS: RubygemsKey, "rubygems_ and 48 hex digits (RubyGems guides: API keys)",
        [key(b"rubygems_", HEX, 48).rule()],
        hits [(concat!("x=", "ruby", "gems_c077a690275971ebfdb6c8cb39585d42748bbb05ce4249dca", ""), "x=[RUBYGEMS_KEY]")],
        misses ["rubygems_version"];
    CRATES: CratesIoToken, "cio and 32 (the crates.io source: token prefix)",
        [key(b"cio", ALNUM, 32).rule()],
        hits [(concat!("x=", "ci", "opkW7GsDL2Zsx3WQP9tct3NsnNVBjR7aGF", ""), "x=[CRATES_IO_TOKEN]")],
        misses ["cio", "ciocanlatoarei"];
    NUGET: NugetKey, "oy2 and 43 small letters and digits (Microsoft documentation: scoped API keys)",
        [with_digits(key(b"oy2", ALNUM, 43), 2).rule()],
        hits [(concat!("x=", "oy", "2Cba7SnJV27He96zyLah3fQS2HS34yu3MTfAn5mN73U3K", ""), "x=[NUGET_KEY]")],
        misses ["oy2"];
    DOCKER: DockerToken, "dckr_pat_, dckr_oat_ and at least 27 (Docker documentation: access tokens)",
        [key(b"dckr_pat_", BASE64_URL, 27).rule(), key(b"dckr_oat_", BASE64_URL, 27).rule()],
        hits [(concat!("x=", "dckr", "_pat_GCJ7AZUB23g5PSvLwgeMZBQBjrzB", ""), "x=[DOCKER_TOKEN]"),
            (concat!("id ", "dckr", "_oat_SDR7TCVH2F4qKgjQmdgHgmtEpDQP", ", ok"), "id [DOCKER_TOKEN], ok")],
        misses ["dckr_pat_"];
    ARTIFACTORY: ArtifactoryToken, "AKCp and at least 60, cmVmdGtu and at least 50 (JFrog documentation: access tokens)",
        [key(b"AKCp", ALNUM, 60).rule(), key(b"cmVmdGtu", ALNUM, 50).rule()],
        hits [(concat!("x=", "AK", "CpPyP784Cr2aGhSnNagdGYaMtzvAkw4sc9WYv8TsRa5WcQxxDzvsnYLDWGjz6sB", ""), "x=[ARTIFACTORY_TOKEN]"),
            (concat!("id ", "cmVm", "dGtu9Xq7HrfB22WhTfZp7ny7WdUjT7frPszUHH682Mw7gejfSJrBkWu", ", ok"), "id [ARTIFACTORY_TOKEN], ok")],
        misses ["AKCp", "cmVmdGtu"];
    BUILD_KEYS: BuildServiceKey, "tokens of build services: Buildkite bkua_ and its family, CircleCI CCIPAT_ and CCIPRJ_, SonarQube sqp_ squ_ sqa_, Sourcegraph sgp_ slk_, Clojars CLOJARS_, Harness pat. and sat., Snyk, Octopus, Codecov (their documentation)",
        [key(b"eyJ0eXAiOiAiVENWMiJ9.", BASE64_URL | DOT, 60).rule(), key(b"bkua_", HEX, 40).rule(), key(b"bkct_", HEX, 40).rule(), key(b"bkaj_", HEX, 40).rule(), key(b"sqp_", HEX, 40).rule(), key(b"squ_", HEX, 40).rule(), key(b"sqa_", HEX, 40).rule(), key(b"sgp_", HEX, 40).rule(), key(b"slk_", HEX, 60).rule(), key(b"CCIPAT_", BASE64_URL, 40).rule(), key(b"CCIPRJ_", BASE64_URL, 40).rule(), key(b"CLOJARS_", HEX, 50).rule(), with_digits(key(b"pat.", BASE64_URL | DOT, 60), 3).rule(), with_digits(key(b"sat.", BASE64_URL | DOT, 60), 3).rule(), key(b"sgp_local_", HEX, 40).rule()],
        hits [(concat!("x=", "bk", "ua_0327bda923f475ded92960755f29f22a02446ecf7", ""), "x=[BUILD_SERVICE_KEY]"),
            (concat!("id ", "bk", "ct_ffe730ed2eff3544f6e18f773b3fa30540d449005", ", ok"), "id [BUILD_SERVICE_KEY], ok"),
            (concat!("id ", "bk", "aj_2947032825d0ce74205d468b312b4b9958764f4da", "\""), "id [BUILD_SERVICE_KEY]\""),
            (concat!("id ", "sq", "p_12c78a562148975f99d62bc014495e6a33d3cee2d", ""), "id [BUILD_SERVICE_KEY]")],
        misses ["pat.example", "sqp_run", "sgp_"];
}
