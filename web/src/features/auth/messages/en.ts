export default {
  title: 'Log in to your desk',
  email: 'E-mail',
  password: 'Password',
  logIn: 'Log in',
  logOutFailed: 'You are still logged in',
  retry: 'Try again',
}
