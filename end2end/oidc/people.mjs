// The three people of the test company. Their groups are what Countersign's role map and grants are tested with.

export const people = new Map(
  [
    { id: "ana", name: "Ana Admin", groups: ["admins"] },
    { id: "ben", name: "Ben Analyst", groups: ["analysts"] },
    { id: "eve", name: "Eve Outsider", groups: [] },
  ].map((person) => [person.id, person]),
);

/** What tokens and UserInfo say about a person; `sub` is not the login, as with real providers. */
export function claimsOf(person) {
  return {
    sub: `user-${person.id}`,
    preferred_username: person.id,
    name: person.name,
    email: `${person.id}@example.test`,
    email_verified: true,
    groups: person.groups,
  };
}

export function personBySubject(subject) {
  return people.get(subject.replace(/^user-/, ""));
}
