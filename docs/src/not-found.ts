/**
 * What a host answers where there is no page: whole in itself, as it is shown at any depth, from where relative addresses
 * lead nowhere.
 */
export const notFound = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>No such page | congruent</title>
</head>
<body>
<main>
<h1>There is no such page</h1>
<p>The address may have a mistake in it. The site’s first page is where its folder begins.</p>
</main>
</body>
</html>
`;
